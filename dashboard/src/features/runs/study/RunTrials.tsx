import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { client } from "@/api/client";
import { jobQuery, jobReducer } from "@/api/jobs";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { usePollOf, useTopic } from "@/api/stream/live";
import type { Job } from "@/api/types";
import { announce } from "@/ui/announce";
import { Button } from "@/ui/Button";
import { isOver, STATES } from "@/ui/jobWords";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";
import type { ChangeSearch } from "../detail/RunPage";
import { startRun } from "../new/queries";
import type { RunDetail } from "../queries";

type Props = { run: RunDetail; picked: number[]; jobs: string[]; change: ChangeSearch };

async function startTrial(id: string, number: number): Promise<Job> {
  const path = { run_id: id, number };
  return startRun(await answer(client.GET("/v1/runs/{run_id}/trials/{number}/request", { params: { path } })));
}

/** The chosen trials as runs of their own: one is opened, several are compared when they have ended. */
export function RunTrials({ run, picked, jobs, change }: Props) {
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => Promise.all(picked.map((number) => startTrial(run.id, number))),
    onSuccess: (started) => {
      queries.invalidateQueries({ queryKey: keys.jobs.all() });
      change({ jobs: started.map((job) => job.id) });
    },
  });
  if (jobs.length) return <Waiting jobs={jobs} change={change} />;
  if (!picked.length) {
    return <p className="text-muted text-sm">Choose trials to run them by themselves; several are compared.</p>;
  }
  const one = picked.length === 1;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button look="primary" disabled={start.isPending} onClick={() => start.mutate()}>
        {one ? `Run trial ${picked[0]} as a backtest` : `Run ${picked.length} trials and compare`}
      </Button>
      <Button look="ghost" onClick={() => change({ picked: undefined })}>
        Clear
      </Button>
      <span className="text-muted text-sm">Trials {picked.join(", ")}</span>
      {start.error ? <ProblemNote error={start.error} /> : null}
    </div>
  );
}

const SOON_MS = 1_000;

/** Keeps what is known of a job true by what the stream tells of it. */
function Followed({ id }: { id: string }) {
  useTopic(`jobs/${id}`, keys.jobs.one(id), jobReducer);
  return null;
}

/** Jobs of chosen trials; a reload finds them again by the address. */
function Waiting({ jobs, change }: { jobs: string[]; change: ChangeSearch }) {
  const poll = usePollOf();
  const found = useQueries({
    queries: jobs.map((id) => ({
      ...jobQuery(id),
      refetchInterval: ({ state }: { state: { data?: Job } }) =>
        state.data && isOver(state.data) ? false : poll(SOON_MS),
    })),
  });
  const known = found.flatMap(({ data }) => data ?? []);
  const runs = known.flatMap((job) => (job.state === "done" && job.run_id ? [job.run_id] : []));
  const navigate = useNavigate();
  const isReady = known.length === jobs.length && runs.length === jobs.length;
  const ids = runs.join(",");
  useEffect(() => {
    if (!isReady) return;
    announce("The chosen trials have run");
    const [first] = ids.split(",");
    if (ids.includes(",")) void navigate({ to: "/compare", search: { ids } });
    else if (first) void navigate({ to: "/runs/$runId", params: { runId: first } });
  }, [isReady, ids, navigate]);
  const error = found.find((each) => each.error)?.error;
  const isStuck = known.some((job) => isOver(job) && job.state !== "done");
  return (
    <section aria-label="Trials that run" className="flex flex-wrap items-center gap-3">
      {jobs.map((id) => (
        <Followed key={id} id={id} />
      ))}
      {known.map((job) => (
        <span key={job.id} className="flex items-center gap-2">
          <StatusPill tone={STATES[job.state][0]} word={STATES[job.state][1]} />
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="text-accent underline">
            {String(job.request.name ?? job.id.slice(0, 8))}
          </Link>
        </span>
      ))}
      {error ? <ProblemNote error={error} /> : null}
      <span className="text-muted text-sm">
        {isStuck ? "One of them did not end well: see why." : "They are opened when all have ended."}
      </span>
      <Button look="ghost" onClick={() => change({ jobs: undefined })}>
        Do not wait
      </Button>
    </section>
  );
}
