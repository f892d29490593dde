import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { jobQuery, jobReducer } from "@/api/jobs";
import { keys } from "@/api/keys";
import { usePoll, useTopic } from "@/api/stream/live";
import type { Job } from "@/api/types";
import { duration } from "@/format/duration";
import { Button, buttonClass } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { JobProgress } from "@/ui/JobProgress";
import { isOver, jobSeconds, jobSubject, KINDS, keptOf, STATES } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { LogView } from "@/ui/LogView";
import { Num } from "@/ui/Num";
import { useNow } from "@/ui/now";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { JobFailure } from "./JobFailure";
import { cancelJob } from "./queries";
import { SearchSoFar } from "./SearchSoFar";
import { useJobLog } from "./useJobLog";

/** How far is it, and what did it say? */
export function JobPage() {
  const { jobId } = useParams({ from: "/shell/jobs/$jobId" });
  const { open } = useSearch({ from: "/shell/jobs/$jobId" });
  const query = useQuery({ ...jobQuery(jobId), refetchInterval: usePoll(true) });
  useTopic(`jobs/${jobId}`, keys.jobs.one(jobId), jobReducer);
  const navigate = useNavigate();
  const runId = open === "run" && query.data?.state === "done" ? query.data.run_id : null;
  useEffect(() => {
    if (runId) void navigate({ to: "/runs/$runId", params: { runId }, replace: true });
  }, [runId, navigate]);
  return (
    <Loaded query={query} rows={6}>
      {(job) => <JobView job={job} />}
    </Loaded>
  );
}

function JobView({ job }: { job: Job }) {
  const log = useJobLog(job.id, isOver(job));
  const now = useNow();
  const [tone, word] = STATES[job.state];
  const kept = keptOf(job);
  return (
    <>
      <PageHead
        title={`${KINDS[job.kind]} ${job.id.slice(0, 8)}`}
        badge={<StatusPill tone={tone} word={word} />}
        lead={jobSubject(job)}
        actions={
          <>
            {job.run_id && (
              <Link to="/runs/$runId" params={{ runId: job.run_id }} className={buttonClass("primary")}>
                Open the run
              </Link>
            )}
            <Cancel job={job} />
          </>
        }
      />
      {job.error && <JobFailure error={job.error} />}
      {kept && <p>{kept}</p>}
      {job.progress && !isOver(job) && <JobProgress progress={job.progress} label="Progress" />}
      {job.kind === "optimize" && job.progress?.search && <SearchSoFar job={job} />}
      <Panel title="Log">
        {log.error ? <ProblemNote error={log.error} /> : null}
        <LogView lines={log.lines} label="Log of the job" ended={log.isWhole} />
      </Panel>
      <Panel title="About">
        <Facts
          facts={[
            ["Asked for by", job.owner],
            ["Asked for", <When key="at" at={job.created_at} seconds />],
            ["Began", <When key="at" at={job.started_at} seconds />],
            ["Ended", <When key="at" at={job.ended_at} seconds />],
            ["Took", <Num key="took" value={jobSeconds(job, now)} as={duration} reason="It has not begun." />],
            ["Attempt", `${job.attempt} of ${job.attempts_most}`],
            ["Worker", job.worker ?? "none yet"],
            ["Request", <code key="request">{JSON.stringify(job.request)}</code>],
          ]}
        />
      </Panel>
    </>
  );
}

function Cancel({ job }: { job: Job }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.jobs.all() }),
  });
  if (isOver(job)) return null;
  const asked = job.state === "cancelling" || job.cancel_asked_at !== null;
  return (
    <>
      <Button disabled={cancel.isPending || asked} onClick={() => cancel.mutate()}>
        {asked ? "Cancelling" : "Cancel"}
      </Button>
      {cancel.error && <ProblemNote error={cancel.error} />}
    </>
  );
}
