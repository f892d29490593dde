import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { usePoll } from "@/api/stream/live";
import { buttonClass } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { PageHead } from "@/ui/PageHead";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type ListedStrategy, type StrategyFilter, strategiesQuery } from "./queries";
import { MODES, STATUSES } from "./search";
import { STAGES } from "./stages";

/** Which strategies exist, and which are trusted? */
export function StrategiesPage() {
  const filter = useSearch({ from: "/shell/strategies" });
  const query = useQuery({ ...strategiesQuery(filter), refetchInterval: usePoll() });
  const navigate = useNavigate({ from: "/strategies" });
  const choose = (change: StrategyFilter): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <div className="flex flex-col gap-4">
      <PageHead title="Strategies" lead="What can be run, and how far each has been let go." />
      <FilterBar>
        <Filter
          label="May go"
          value={filter.mode}
          choices={MODE_CHOICES}
          onChange={(mode) => choose({ mode: mode as StrategyFilter["mode"] })}
        />
        <Filter
          label="Status"
          value={filter.status}
          choices={STATUS_CHOICES}
          onChange={(status) => choose({ status: status as StrategyFilter["status"] })}
        />
      </FilterBar>
      <Loaded query={query} rows={6} waitingFor="the catalogue">
        {(found) =>
          found.total ? (
            <DataTable
              caption="Strategies"
              columns={COLUMNS}
              rows={found.items}
              rowKey={(strategy) => strategy.id}
              total={found.total}
              onOpen={(strategy) => navigate({ to: "/strategies/$strategyId", params: { strategyId: strategy.id } })}
            />
          ) : filter.mode || filter.status ? (
            <EmptyState icon="strategies" title="No strategy fits the filters">
              An approval lets a strategy go to paper, and then live; its entry in the catalogue may bound it.
            </EmptyState>
          ) : (
            <EmptyState icon="strategies" title="The catalogue is empty">
              <code>tradewright new strategy NAME</code> writes a commented file to begin with.
            </EmptyState>
          )
        }
      </Loaded>
    </div>
  );
}

const MODE_CHOICES = MODES.map((value) => ({ value, word: `as far as ${value}` }));
const STATUS_CHOICES = STATUSES.map((value) => ({ value, word: value }));

const COLUMNS: Column<ListedStrategy>[] = [
  {
    key: "name",
    header: "Strategy",
    card: "title",
    cell: (strategy) => (
      <Link
        to="/strategies/$strategyId"
        params={{ strategyId: strategy.id }}
        className="font-medium text-accent hover:underline"
      >
        {strategy.name}
      </Link>
    ),
  },
  {
    key: "stage",
    header: "Stage",
    cell: (strategy) =>
      strategy.error ? (
        <StatusPill tone="fail" word="cannot be loaded" title={strategy.error} />
      ) : strategy.status === "inactive" ? (
        <StatusPill tone="off" word="inactive" title="It begins no session" />
      ) : (
        <StatusPill
          tone={STAGES[strategy.stage]?.tone ?? "notice"}
          word={strategy.stage}
          title={STAGES[strategy.stage]?.means}
        />
      ),
  },
  { key: "mode", header: "May go", card: "hidden", cell: (strategy) => <ModeBadge mode={strategy.mode} /> },
  { key: "description", header: "What it does", cell: (strategy) => strategy.error ?? strategy.description },
  {
    key: "symbols",
    header: "Symbols",
    card: "hidden",
    cell: (strategy) => strategy.symbols.slice(0, 3).join(", ") || <span className="text-muted">any</span>,
  },
  {
    key: "origin",
    header: "Origin",
    card: "hidden",
    cell: (strategy) => (strategy.shipped ? "example" : "catalogue"),
  },
  {
    key: "last",
    header: "Last run",
    cell: (strategy) =>
      strategy.last_run ? (
        <Link to="/runs/$runId" params={{ runId: strategy.last_run.id }} className="text-accent hover:underline">
          <When at={strategy.last_run.created_at} relative />
        </Link>
      ) : (
        <span className="text-muted">never</span>
      ),
  },
  {
    key: "run",
    header: "Run it",
    quiet: true,
    card: "title",
    cell: (strategy) =>
      strategy.error ? null : (
        <Link
          to="/runs/new"
          search={{ strategy: strategy.id }}
          className={buttonClass()}
          aria-label={`New run of ${strategy.name}`}
        >
          New run
        </Link>
      ),
  },
];
