import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import type { ChangeSearch } from "../detail/RunPage";
import type { RunSearch } from "../detail/search";
import { type RunDetail, type SearchView, type TrialRow, trialsQuery } from "../queries";
import { RunTrials } from "./RunTrials";

type Props = { run: RunDetail; view: SearchView; search: RunSearch; change: ChangeSearch };

const PER_PAGE = 25;
const MOST_PICKED = 8;

/** The trials, best first; up to eight can be run by themselves and compared. */
export function Trials({ run, view, search, change }: Props) {
  const sort = search.sort ?? `${view.objective.maximize ? "-" : ""}${view.objective.name}`;
  const query = useQuery(
    trialsQuery(run.id, {
      page: search.page ?? 1,
      per_page: PER_PAGE,
      sort: sort.replace("-", ""),
      order: sort.startsWith("-") ? "desc" : "asc",
      within: search.ranges,
    }),
  );
  const picked = search.picked ?? [];
  const toggle = (trial: number) => {
    const next = picked.includes(trial) ? picked.filter((each) => each !== trial) : [...picked, trial];
    change({ picked: next.length ? next : undefined });
  };
  return (
    <section aria-label="Trials" className="flex min-w-0 flex-col gap-3">
      <h2 className="font-semibold text-lg">Trials</h2>
      <RunTrials run={run} picked={picked} jobs={search.jobs ?? []} change={change} />
      <Loaded query={query} rows={10} waitingFor="the trials">
        {(found) =>
          found.total ? (
            <PagedTable
              caption="Trials, in sample"
              found={found}
              columns={columnsOf(view, picked, toggle)}
              rowKey={(trial) => String(trial.values.number)}
              sort={sort}
              onSort={(next) => change({ sort: next, page: undefined })}
              selected={(trial) => picked.includes(Number(trial.values.number))}
              onPage={(page) => change({ page: page > 1 ? page : undefined })}
              words={["Previous", "Next"]}
            />
          ) : (
            <EmptyState
              icon="search"
              title="No trial lies within the ranges"
              action={<Button onClick={() => change({ ranges: undefined })}>Take the ranges away</Button>}
            />
          )
        }
      </Loaded>
    </section>
  );
}

function columnsOf(view: SearchView, picked: number[], toggle: (trial: number) => void): Column<TrialRow>[] {
  const written = (name: string, header: string): Column<TrialRow> => ({
    key: name,
    header,
    align: "right",
    sort: name,
    cell: (trial) => <Written trial={trial} name={name} />,
  });
  const values = view.values.filter(({ key }) => !view.params.some((param) => param.name === key));
  return [
    {
      key: "pick",
      header: "Chosen",
      quiet: true,
      card: "title",
      cell: (trial) => <Pick trial={Number(trial.values.number)} picked={picked} toggle={toggle} />,
    },
    { key: "number", header: "Trial", align: "right", sort: "number", card: "title", cell: titleOf },
    ...view.params.map((param) => written(param.name, param.name)),
    ...values.map(({ key, label }) => written(key, label)),
    {
      key: "state",
      header: "State",
      sort: "state",
      cell: (trial) => (
        <span title={String(trial.values.reason ?? "")}>
          {String(trial.values.state)}
          {trial.values.reason ? <span className="sr-only">: {String(trial.values.reason)}</span> : null}
        </span>
      ),
    },
  ];
}

const titleOf = (trial: TrialRow): string => `#${String(trial.values.number)}`;

function Written({ trial, name }: { trial: TrialRow; name: string }) {
  return <span className="whitespace-nowrap tabular-nums">{trial.texts[name] ?? "n/a"}</span>;
}

function Pick({ trial, picked, toggle }: { trial: number; picked: number[]; toggle: (trial: number) => void }) {
  const isFull = picked.length >= MOST_PICKED && !picked.includes(trial);
  return (
    <input
      type="checkbox"
      className="size-4 accent-(--color-accent)"
      checked={picked.includes(trial)}
      disabled={isFull}
      title={isFull ? `At most ${MOST_PICKED} are compared` : undefined}
      aria-label={`Choose trial ${trial}`}
      onChange={() => toggle(trial)}
    />
  );
}
