import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { buttonClass } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { type StrategyDetail, strategyQuery } from "./queries";
import { StrategyEntry } from "./StrategyEntry";
import { StrategyFacts } from "./StrategyFacts";
import { StrategyRuns } from "./StrategyRuns";
import { StrategyApprovals, StrategySessions } from "./StrategyTrading";
import { STAGES } from "./stages";

const route = getRouteApi("/shell/strategies/$strategyId");

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
        badge={
          <>
            <StatusPill tone={stage?.tone ?? "notice"} word={strategy.stage} title={stage?.means} />
            {strategy.status === "inactive" && <StatusPill tone="off" word="inactive" title="It begins no session" />}
          </>
        }
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
        <StrategyFacts strategy={strategy} />
        <StrategyEntry strategy={strategy} />
      </div>
      <StrategyRuns strategy={strategy} />
      <div className="grid min-w-0 items-start gap-4 lg:grid-cols-2">
        <StrategySessions strategy={strategy} />
        <StrategyApprovals strategy={strategy} />
      </div>
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
