import type { RunDetail } from "../queries";
import type { Draft, Vary } from "./draft";

type Costs = { free?: boolean; slippage?: { bps?: number }; commission?: { amount?: number } };
type Config = { cash?: number; fill_at?: string; costs?: Costs; limits?: { name?: string } };

type Described = { values?: unknown[]; low?: number; high?: number; step?: number | null };
type Kept = { space: Record<string, Described>; objectives: { name: string }[]; method: string };

/** A stretch as the form has it, where the values lie at even steps. */
export function varyOf({ values, low, high, step }: Described): Vary | null {
  if (low !== undefined && high !== undefined) {
    return step ? { isOn: true, low: String(low), high: String(high), step: String(step) } : null;
  }
  const numbers = (values ?? []).filter((value) => typeof value === "number").sort((one, other) => one - other);
  const [first, second] = numbers;
  if (first === undefined || numbers.length !== values?.length) return null;
  const by = second === undefined ? 1 : second - first;
  const isEven = numbers.every(
    (value, at) => Math.abs(value - (first + at * by)) < 1e-9 * Math.max(1, Math.abs(value)),
  );
  return isEven ? { isOn: true, low: String(first), high: String(numbers.at(-1)), step: String(by) } : null;
}

/** What was searched, to be searched again or walked. */
function searchLike({ space, objectives }: Kept): Partial<Draft> {
  const known = Object.entries(space).flatMap(([name, described]) => {
    const vary = varyOf(described);
    return vary ? [[name, vary] as const] : [];
  });
  return { kind: "optimize", vary: Object.fromEntries(known), objective: objectives[0]?.name ?? "sharpe" };
}

/** The choices of a run that was made, as far as the form has them; `names` are catalogue names by class. */
export function likeRun(run: RunDetail, names: ReadonlyMap<string, string>): Partial<Draft> {
  const config = run.config as Config;
  const costs = config.costs ?? {};
  const strategy = run.strategies[0];
  const params = Object.entries(strategy?.params ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    strategy: names.get(strategy?.name ?? "") ?? "",
    kind: "backtest",
    ...(run.search ? searchLike(run.search as Kept) : {}),
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
