import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { buttonClass } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";

const EVERY_MS = 1_000;

/** A session that was asked for and has said nothing yet: its job begins it, or says why it did not. */
export function Begins({ session, job }: { session: string; job: string }) {
  const query = useQuery({
    queryKey: keys.jobs.one(job),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: job } }, signal })),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <PageHead title={session} lead="It says how it stands with its first bar." />
      <Loaded query={query} rows={3}>
        {(found) => (
          <EmptyState
            icon="sessions"
            title={isOver(found) ? "It did not begin" : "It begins"}
            action={
              <Link to="/jobs/$jobId" params={{ jobId: found.id }} className={buttonClass()}>
                To its job and log
              </Link>
            }
          >
            {found.error?.sentence ?? `Its job is ${found.state}.`} {found.error?.hint}
          </EmptyState>
        )}
      </Loaded>
    </>
  );
}
