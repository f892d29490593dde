import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { Button, buttonClass } from "@/ui/Button";
import { ColumnChoice } from "@/ui/ColumnChoice";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { useColumns } from "@/ui/useColumns";
import { FIXED, RUN_COLUMNS, titleOf } from "./columns";
import { type ListedRun, runsQuery } from "./queries";
import { RunFilters } from "./RunFilters";
import { RunningJobs } from "./RunningJobs";
import { SavedFilters } from "./SavedFilters";
import { idsOf, type RunSort, type RunsSearch } from "./search";

const route = getRouteApi("/shell/runs");
const MOST_COMPARED = 8;

/** What ran, and what came out? */
export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<RunsSearch>) =>
    navigate({ search: (known) => ({ ...known, page: undefined, ...part }), replace: true });
  const query = useQuery({ ...runsQuery(search), refetchInterval: usePoll() });
  useTopic("runs", keys.runs.all(), asksAnew);
  const plan = useColumns("runs", RUN_COLUMNS, { hidden: ["status", "kind"], fixed: FIXED });
  const ids = idsOf(search.ids);
  const toggleId = (id: string) => {
    const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
    navigate({ search: (known) => ({ ...known, ids: next.join(",") || undefined }), replace: true });
  };
  const sort = `${(search.order ?? "desc") === "desc" ? "-" : ""}${search.sort ?? "created"}`;
  const columns = [selectColumn(ids, toggleId), ...plan.shown];
  const isFiltered = Boolean(
    search.strategy || search.symbol || search.tag || search.kind || search.since || search.star,
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the table's rows
    <div className="flex flex-col gap-4" onKeyDown={(event) => onRowKey(event, ids, navigate)}>
      <PageHead
        title="Runs"
        lead="What ran, and what came out."
        actions={
          <Link to="/runs/new" className={buttonClass("primary")}>
            <Icon name="plus" /> New run
          </Link>
        }
      />
      <RunningJobs />
      <RunFilters search={search} onChange={change} />
      <SavedFilters search={search} />
      <Loaded query={query} rows={8} waitingFor="the list of runs">
        {(found) =>
          found.total === 0 ? (
            <NoRuns isFiltered={isFiltered} onClear={() => navigate({ search: {} })} />
          ) : (
            <section aria-label="Runs" className="flex flex-col gap-2">
              <div className="flex flex-wrap items-center gap-2">
                <CompareSelected ids={ids} onClear={() => change({ ids: undefined, page: search.page })} />
                <span className="grow" />
                <ColumnChoice plan={plan} />
              </div>
              <PagedTable
                caption="Runs"
                found={found}
                columns={columns}
                rowKey={(run) => run.id}
                sort={sort}
                onSort={(next) =>
                  change({ sort: next.replace("-", "") as RunSort, order: next.startsWith("-") ? "desc" : "asc" })
                }
                onOpen={(run) => navigate({ to: "/runs/$runId", params: { runId: run.id } })}
                selected={(run) => ids.includes(run.id)}
                onPage={(page) => change({ page: page > 1 ? page : undefined })}
              />
            </section>
          )
        }
      </Loaded>
    </div>
  );
}

function onRowKey(event: React.KeyboardEvent, ids: string[], navigate: ReturnType<typeof route.useNavigate>): void {
  if (!(event.target instanceof HTMLTableRowElement) || event.ctrlKey || event.metaKey) return;
  if (event.key === "x") event.target.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  if (event.key === "c" && ids.length > 1) navigate({ to: "/compare", search: { ids: ids.join(",") } });
}

function selectColumn(ids: string[], toggle: (id: string) => void): Column<ListedRun> {
  return {
    key: "select",
    header: "Selected",
    quiet: true,
    card: "title",
    cell: (run) => (
      <input
        type="checkbox"
        className="size-4 accent-(--color-accent)"
        checked={ids.includes(run.id)}
        aria-label={`Select ${titleOf(run)} ${run.short_id}`}
        onChange={() => toggle(run.id)}
      />
    ),
  };
}

function CompareSelected({ ids, onClear }: { ids: string[]; onClear: () => void }) {
  if (!ids.length) return <p className="text-muted text-sm">Select runs to compare them.</p>;
  const why =
    ids.length < 2
      ? "Select one more run"
      : ids.length > MOST_COMPARED
        ? `At most ${MOST_COMPARED} runs are compared`
        : "";
  return (
    <div className="flex flex-wrap items-center gap-2">
      {why ? (
        <Button why={why}>Compare {ids.length}</Button>
      ) : (
        <Link to="/compare" search={{ ids: ids.join(",") }} className={buttonClass()}>
          Compare {ids.length} runs
        </Link>
      )}
      <Button look="ghost" onClick={onClear}>
        Clear
      </Button>
      {why && <span className="text-muted text-sm">{why}.</span>}
    </div>
  );
}

function NoRuns({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon="search"
        title="No run is like that"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        Other runs are there; the filters leave them out.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="runs"
      title="Nothing has run yet"
      action={
        <Link to="/runs/new" search={{ source: "synthetic" }} className={buttonClass("primary")}>
          Run an example on synthetic data
        </Link>
      }
    >
      Runs started here, and those of <code>tradewright backtest --keep</code>, are listed with what came out and how
      far it can be believed.
    </EmptyState>
  );
}
