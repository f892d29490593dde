import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useJobs } from "@/api/jobs";
import type { Job } from "@/api/types";
import { duration } from "@/format/duration";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { JobProgress } from "@/ui/JobProgress";
import { isOver, jobSeconds, jobSubject, KINDS, STATES } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { useNow } from "@/ui/now";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import type { JobFilter } from "./queries";

function Took({ job }: { job: Job }) {
  const now = useNow();
  return <Num value={jobSeconds(job, now)} as={duration} reason="It has not begun." />;
}

const COLUMNS: readonly Column<Job>[] = [
  {
    key: "kind",
    header: "Job",
    card: "title",
    cell: (job) => (
      <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-medium text-accent underline">
        {KINDS[job.kind]}
      </Link>
    ),
  },
  { key: "what", header: "What", cell: jobSubject },
  {
    key: "state",
    header: "State",
    cell: (job) => <StatusPill tone={STATES[job.state][0]} word={STATES[job.state][1]} />,
  },
  {
    key: "progress",
    header: "Progress",
    cell: (job) =>
      job.progress && !isOver(job) ? (
        <JobProgress progress={job.progress} label={`Progress of ${KINDS[job.kind]}`} />
      ) : (
        <span className="text-muted">{job.error?.sentence ?? "–"}</span>
      ),
  },
  { key: "owner", header: "By", cell: (job) => job.owner, card: "hidden" },
  { key: "created", header: "Asked for", cell: (job) => <When at={job.created_at} relative /> },
  { key: "took", header: "Took", align: "right", cell: (job) => <Took job={job} /> },
];

const EVERY_MS = 10_000;

const stateChoices = Object.entries(STATES).map(([value, [, word]]) => ({ value, word }));
const kindChoices = Object.entries(KINDS).map(([value, word]) => ({ value, word }));

/** What works now, and what came of the rest? */
export function JobsPage() {
  const filter = useSearch({ from: "/shell/jobs" });
  const navigate = useNavigate({ from: "/jobs" });
  const query = useJobs(filter, () => EVERY_MS);
  const choose = (change: Partial<JobFilter>): void => {
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }) });
  };
  return (
    <>
      <PageHead title="Jobs" lead="Work that runs in processes of its own; closing this page stops nothing." />
      <FilterBar>
        <Filter
          label="State"
          value={filter.state}
          choices={stateChoices}
          onChange={(state) => choose({ state: state as JobFilter["state"] })}
        />
        <Filter
          label="Kind"
          value={filter.kind}
          choices={kindChoices}
          onChange={(kind) => choose({ kind: kind as JobFilter["kind"] })}
        />
      </FilterBar>
      <Loaded query={query} rows={8}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="jobs" title={filter.state || filter.kind ? "No job fits the filters" : "No job yet"}>
              Backtests, searches and imports that are started here or by the API stand in this list.
            </EmptyState>
          ) : (
            <PagedTable
              caption="Jobs, newest first"
              found={page}
              columns={COLUMNS}
              rowKey={(job) => job.id}
              onOpen={(job) => void navigate({ to: "/jobs/$jobId", params: { jobId: job.id } })}
              onPage={(number) => choose({ page: number })}
            />
          )
        }
      </Loaded>
    </>
  );
}
