import type { RunDetail } from "../queries";
import type { Draft } from "./draft";

type Costs = { free?: boolean; slippage?: { bps?: number }; commission?: { amount?: number } };
type Config = { cash?: number; fill_at?: string; costs?: Costs; limits?: { name?: string } };

/** The choices of a run that was made, as far as the form has them; `names` are catalogue names by class. */
export function likeRun(run: RunDetail, names: ReadonlyMap<string, string>): Partial<Draft> {
  const config = run.config as Config;
  const costs = config.costs ?? {};
  const strategy = run.strategies[0];
  const params = Object.entries(strategy?.params ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    strategy: names.get(strategy?.name ?? "") ?? "",
    kind: "backtest",
    source: run.synthetic ? "synthetic" : "store",
    symbols: run.symbols.join(", "),
    timeframe: run.timeframe,
    params: Object.fromEntries(params),
    cash: String(config.cash ?? "100000"),
    fillAt: config.fill_at === "close" ? "close" : "open",
    limits: (["cautious", "standard", "bold"] as const).find((each) => each === config.limits?.name) ?? "none",
    isFree: costs.free === true,
    slippage: String(costs.slippage?.bps ?? 0),
    commission: String(costs.commission?.amount ?? 0),
  };
}
