import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { buttonClass } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { MetricText } from "@/ui/MetricText";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { TrustCell } from "@/ui/TrustBar";
import { When } from "@/ui/When";
import { type ListedRun, runsOfQuery, type StrategyDetail, strategyQuery } from "./queries";
import { STAGES } from "./stages";

const route = getRouteApi("/shell/strategies/$strategyId");

type Param = StrategyDetail["params"][number];

/** What a strategy does, with which parameters, and what came out of it. */
export function StrategyPage() {
  const { strategyId } = route.useParams();
  const query = useQuery(strategyQuery(strategyId));
  return (
    <Loaded query={query} rows={10} waitingFor="the strategy to be loaded">
      {(strategy) => <Strategy strategy={strategy} />}
    </Loaded>
  );
}

function Strategy({ strategy }: { strategy: StrategyDetail }) {
  const stage = STAGES[strategy.stage];
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title={strategy.name}
        badge={<StatusPill tone={stage?.tone ?? "notice"} word={strategy.stage} title={stage?.means} />}
        lead={strategy.description}
        actions={
          !strategy.error && (
            <Link to="/runs/new" search={{ strategy: strategy.id }} className={buttonClass("primary")}>
              New run
            </Link>
          )
        }
      />
      {strategy.error && (
        <p role="alert" className="rounded-md border border-danger p-3">
          {strategy.error}
        </p>
      )}
      <div className="grid min-w-0 items-start gap-4 lg:grid-cols-2">
        {strategy.doc && (
          <Panel title="What it says of itself">
            <p className="max-w-prose whitespace-pre-line">{strategy.doc}</p>
          </Panel>
        )}
        <Panel title="Parameters">
          {strategy.params.length ? (
            <DataTable caption="Parameters" columns={PARAMS} rows={strategy.params} rowKey={(param) => param.name} />
          ) : (
            <p className="text-muted">It has none.</p>
          )}
        </Panel>
      </div>
      <Runs strategy={strategy} />
      {strategy.source !== null && (
        <Panel
          title="Source"
          note={`named in ${strategy.file}, line ${strategy.line}`}
          actions={<CopyButton text={strategy.source} label="Copy the source" />}
        >
          <pre
            className="max-h-[32rem] overflow-auto rounded-md bg-surface p-3 text-sm"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
            tabIndex={0}
          >
            <code>{strategy.source}</code>
          </pre>
        </Panel>
      )}
    </div>
  );
}

const PARAMS: Column<Param>[] = [
  { key: "name", header: "Name", card: "title", cell: (param) => <code>{param.name}</code> },
  { key: "value", header: "Value", align: "right", cell: (param) => String(param.value ?? "n/a") },
  { key: "default", header: "Default", align: "right", cell: (param) => String(param.default ?? "n/a") },
  { key: "range", header: "Range", align: "right", cell: rangeOf },
  { key: "doc", header: "What it is", cell: (param) => param.doc },
];

function rangeOf(param: Param): string {
  if (param.choices) return param.choices.join(", ");
  if (param.low === null && param.high === null) return "any";
  return `${param.low ?? "…"} to ${param.high ?? "…"}`;
}

function Runs({ strategy }: { strategy: StrategyDetail }) {
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
