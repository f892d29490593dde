import { Facts } from "@/ui/Facts";
import { Missing } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import type { StrategyDetail } from "./queries";

/** What it needs before it decides, and how it is carried out. */
export function StrategyFacts({ strategy }: { strategy: StrategyDetail }) {
  const { warmup_bars: warmup, compiled } = strategy;
  return (
    <Panel title="What it takes">
      <Facts
        facts={[
          [
            "Warm-up",
            warmup === null ? (
              <Missing key="warmup" reason={compiled.why ?? "it could not be set up"} />
            ) : (
              `${warmup.toLocaleString("en-US")} ${warmup === 1 ? "bar" : "bars"} before its first decision`
            ),
          ],
          ["Carried out", <Compiled key="compiled" compiled={compiled} />],
          ["Timeframe", strategy.timeframe ?? "any"],
          ["Symbols", strategy.symbols.join(", ") || "any"],
        ]}
      />
    </Panel>
  );
}

function Compiled({ compiled }: { compiled: StrategyDetail["compiled"] }) {
  if (compiled.is === null) return <Missing reason={compiled.why ?? "it could not be set up"} />;
  if (compiled.is) return <StatusPill tone="ok" word="compiled: long runs are machine code" />;
  return (
    <span className="flex flex-col">
      <StatusPill tone="notice" word="interpreted" />
      <span className="text-muted text-sm">{compiled.why}</span>
    </span>
  );
}
