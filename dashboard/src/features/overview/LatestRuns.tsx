import { Link } from "@tanstack/react-router";
import type { paths } from "@/api/schema.gen";
import { buttonClass } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded, type Query } from "@/ui/Loaded";
import { MetricText } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";

type Page = paths["/v1/runs"]["get"]["responses"]["200"]["content"]["application/json"];
type Run = Page["items"][number];

const SHOWN = ["total_return", "sharpe", "max_drawdown"];

/** The runs that were kept last, with the numbers that each is introduced with. */
export function LatestRuns({ query }: { query: Query<Page> }) {
  return (
    <Panel title="Runs" note="the newest">
      <Loaded query={query} rows={4}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState
              icon="runs"
              title="No run is kept yet"
              action={
                <Link to="/runs/new" search={{ source: "synthetic" }} className={buttonClass("primary")}>
                  New run on synthetic data
                </Link>
              }
            >
              <code>tradewright demo</code> makes one on a synthetic market, offline and in seconds.
            </EmptyState>
          ) : (
            <ul className="-my-2 flex flex-col divide-y divide-line">
              {page.items.map((run) => (
                <RunLine key={run.id} run={run} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function RunLine({ run }: { run: Run }) {
  const shown = SHOWN.flatMap((key) => run.headline.filter((metric) => metric.key === key));
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
      <span className="min-w-0 grow basis-48">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium text-accent underline">
          {run.name ?? run.strategy}
        </Link>{" "}
        <span className="text-muted">
          {run.symbols.slice(0, 3).join(", ")} {run.timeframe}
        </span>
        <span className="block text-muted text-sm">
          {run.kind} · <When at={run.created_at} relative />
        </span>
      </span>
      {shown.map((metric) => (
        <span key={metric.key} className="text-right">
          <span className="block text-muted text-xs">{metric.label}</span>
          <MetricText metric={metric} />
        </span>
      ))}
    </li>
  );
}
