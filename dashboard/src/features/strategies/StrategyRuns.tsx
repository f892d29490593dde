import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { MetricText } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { TrustCell } from "@/ui/TrustBar";
import { When } from "@/ui/When";
import { type ListedRun, runsOfQuery, type StrategyDetail } from "./queries";

/** The latest runs of a strategy. */
export function StrategyRuns({ strategy }: { strategy: StrategyDetail }) {
  const query = useQuery(runsOfQuery(strategy.class_name));
  if (strategy.class_name === null) return null;
  return (
    <Panel
      title="Runs"
      actions={
        <Link to="/runs" search={{ strategy: strategy.class_name }} className="text-accent underline">
          All of them
        </Link>
      }
    >
      <Loaded query={query} rows={3}>
        {(found) =>
          found.total ? (
            <DataTable caption="Its latest runs" columns={RUNS} rows={found.items} rowKey={(run) => run.id} />
          ) : (
            <EmptyState icon="runs" title="It has not run yet" />
          )
        }
      </Loaded>
    </Panel>
  );
}

function metric(key: string, header: string): Column<ListedRun> {
  return {
    key,
    header,
    align: "right",
    cell: (run) => <MetricText metric={run.headline.find((each) => each.key === key)} />,
  };
}

const RUNS: Column<ListedRun>[] = [
  {
    key: "run",
    header: "Run",
    card: "title",
    cell: (run) => (
      <Link to="/runs/$runId" params={{ runId: run.id }} className="text-accent hover:underline">
        {run.name ?? run.strategy} <code className="text-muted">{run.short_id}</code>
      </Link>
    ),
  },
  { key: "trust", header: "Trust", cell: (run) => <TrustCell chips={run.trust} /> },
  metric("total_return", "Return"),
  metric("sharpe", "Sharpe ± SE"),
  metric("max_drawdown", "Max DD"),
  { key: "symbols", header: "Symbols", cell: (run) => `${run.symbols.slice(0, 3).join(", ")} ${run.timeframe}` },
  { key: "kept", header: "Kept", cell: (run) => <When at={run.created_at} relative /> },
];
