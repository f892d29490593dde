import { Link } from "@tanstack/react-router";
import type { paths } from "@/api/schema.gen";
import { EmptyState } from "@/ui/EmptyState";
import { JobProgress } from "@/ui/JobProgress";
import { isOver, jobSubject, KINDS, STATES } from "@/ui/jobWords";
import { Loaded, type Query } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";

type Page = paths["/v1/jobs"]["get"]["responses"]["200"]["content"]["application/json"];

/** What works now, and what was asked for last. */
export function LatestJobs({ query }: { query: Query<Page> }) {
  return (
    <Panel title="Jobs" note="the newest">
      <Loaded query={query} rows={4}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="jobs" title="No job yet">
              Backtests, searches and imports that are started from here run as jobs.
            </EmptyState>
          ) : (
            <ul className="-my-2 flex flex-col divide-y divide-line">
              {page.items.map((job) => (
                <li key={job.id} className="flex flex-col gap-1 py-2">
                  <span className="flex flex-wrap items-baseline gap-x-3">
                    <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-medium text-accent underline">
                      {KINDS[job.kind]}
                    </Link>
                    <span className="min-w-0 grow text-muted">{jobSubject(job)}</span>
                    <StatusPill tone={STATES[job.state][0]} word={STATES[job.state][1]} />
                  </span>
                  {job.progress && !isOver(job) ? (
                    <JobProgress progress={job.progress} label={`Progress of ${KINDS[job.kind]}`} />
                  ) : (
                    <span className="text-muted text-sm">
                      {job.error?.sentence ?? <When at={job.created_at} relative />}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
