import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useJobs } from "@/api/jobs";
import { keys } from "@/api/keys";
import type { Job } from "@/api/types";
import { announce } from "@/ui/announce";
import { JobProgress } from "@/ui/JobProgress";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { everySoOften, isActive, jobTitle } from "./jobs";

const LATEST = { per_page: 20 };

/** Jobs that are waiting or running, above the list of runs; the list is read again when one ends. */
export function RunningJobs() {
  const queries = useQueryClient();
  const active = (useJobs(LATEST, everySoOften).data?.items ?? []).filter(isActive);
  const before = useRef<Job[]>([]);
  useEffect(() => {
    const ended = before.current.filter((job) => !active.some((each) => each.id === job.id));
    before.current = active;
    if (!ended.length) return;
    announce(`${ended.map(jobTitle).join(", ")} ended`);
    queries.invalidateQueries({ queryKey: keys.runs.all() });
  }, [active, queries]);
  if (!active.length) return null;
  return (
    <section aria-label="Running now" className="flex flex-col gap-2">
      <ul className="flex flex-col gap-2">
        {active.map((job) => (
          <li
            key={job.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-line bg-surface px-3 py-2"
          >
            <StatusPill tone={job.state === "queued" ? "wait" : "busy"} word={job.state} />
            <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-medium text-accent hover:underline">
              {jobTitle(job)}
            </Link>
            <span className="text-muted text-sm">
              <When at={job.started_at ?? job.created_at} relative />
            </span>
            <div className="min-w-48 grow">
              {job.progress && <JobProgress progress={job.progress} label={`Progress of ${jobTitle(job)}`} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
