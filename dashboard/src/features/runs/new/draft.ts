import type { components } from "@/api/schema.gen";
import { typedParams } from "@/ui/ParamForm";
import type { NewRunSearch } from "./search";

export type RunRequest = components["schemas"]["RunRequest"];
export type StrategyDetail = components["schemas"]["StrategyDetail"];
export type Param = StrategyDetail["params"][number];

/** The stretch over which a search varies a parameter; texts as they were typed. */
export type Vary = { isOn: boolean; low: string; high: string; step: string };

/** What a person has chosen, as texts of the form; money stays text to the end. */
export type Draft = {
  kind: "backtest" | "optimize" | "walk_forward";
  strategy: string;
  source: "store" | "synthetic";
  symbols: string;
  timeframe: string;
  start: string;
  end: string;
  asOf: string;
  hours: "" | "regular" | "extended";
  cash: string;
  params: Record<string, string>;
  vary: Record<string, Vary>;
  objective: string;
  method: string;
  where: string;
  trials: string;
  train: string;
  test: string;
  isFree: boolean;
  slippage: string;
  commission: string;
  fillAt: "open" | "close";
  limits: "none" | "cautious" | "standard" | "bold";
  name: string;
};

const KEY = "tradewright.new-run";

const FIRST: Draft = {
  kind: "backtest",
  strategy: "",
  source: "store",
  symbols: "",
  timeframe: "1d",
  start: "",
  end: "",
  asOf: "",
  hours: "",
  cash: "100000",
  params: {},
  vary: {},
  objective: "sharpe",
  method: "grid",
  where: "",
  trials: "200",
  train: "252d",
  test: "63d",
  isFree: false,
  slippage: "5",
  commission: "1.00",
  fillAt: "open",
  limits: "none",
  name: "",
};

function kept(): Partial<Draft> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** Keep the choices for the next run. */
export function keepDraft(draft: Draft): void {
  localStorage.setItem(KEY, JSON.stringify({ ...draft, name: "" }));
}

/** The last choices, what the address asks for on top of them. */
export function firstDraft(search: NewRunSearch): Draft {
  const { strategy, source, kind, symbols } = search;
  const last = { ...FIRST, ...kept() };
  const isOther = strategy !== undefined && strategy !== last.strategy;
  const draft = {
    ...last,
    ...(strategy ? { strategy } : {}),
    ...(kind ? { kind } : {}),
    ...(symbols ? { symbols } : {}),
  };
  const cleared = isOther ? { ...draft, params: {}, vary: {} } : draft;
  return source ? withSource(cleared, source) : cleared;
}

/** The draft on other data; a made-up market has made-up names. */
export function withSource(draft: Draft, source: Draft["source"]): Draft {
  const symbols = source === "synthetic" ? "ACME" : draft.symbols === "ACME" ? "" : draft.symbols;
  return { ...draft, source, symbols, start: "", end: "", asOf: "", hours: "" };
}

/** The symbols that are named, by commas or spaces. */
export function symbolsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** Whether bars are shorter than a day, and may lie before an open or after a close. */
export const isIntraday = (timeframe: string): boolean => /^\d+(s|m|h)$/.test(timeframe);

/** A parameter's stretch before anybody chose: what is declared, in about ten steps. */
export function firstVary(param: Param): Vary {
  const { low, high } = param;
  if (low === null || high === null) return { isOn: false, low: "", high: "", step: "" };
  const rough = (high - low) / 10;
  const step = param.type === "int" ? Math.max(1, Math.round(rough)) : Number(rough.toPrecision(1));
  return { isOn: true, low: String(low), high: String(high), step: String(step) };
}

function paramsOf(draft: Draft, params: readonly Param[]): Record<string, unknown> {
  return typedParams(
    params.filter((param) => !isVaried(draft, param)),
    draft.params,
  );
}

function isVaried(draft: Draft, param: Param): boolean {
  return draft.kind !== "backtest" && (draft.vary[param.name] ?? firstVary(param)).isOn;
}

function spaceOf(draft: Draft, params: readonly Param[]): Record<string, unknown> {
  const varied = params.filter((param) => isVaried(draft, param));
  return Object.fromEntries(
    varied.map((param) => {
      const { low, high, step } = draft.vary[param.name] ?? firstVary(param);
      return [param.name, { low: Number(low), high: Number(high), step: Number(step) }];
    }),
  );
}

/** What is asked of the server. */
export function requestOf(draft: Draft, params: readonly Param[]): RunRequest {
  const costs = draft.isFree
    ? ("none" as const)
    : { slippage_bps: Number(draft.slippage || 0), commission: `per-trade:${draft.commission || "0"}` };
  const search = {
    space: spaceOf(draft, params),
    objective: draft.objective,
    method: draft.method,
    where: draft.where.trim() || undefined,
    trials: draft.method === "grid" ? undefined : Number(draft.trials) || undefined,
  };
  return {
    kind: draft.kind,
    strategy: draft.strategy,
    symbols: symbolsOf(draft.symbols),
    source: draft.source,
    timeframe: draft.timeframe || undefined,
    start: draft.start || undefined,
    end: draft.end || undefined,
    as_of: draft.asOf || undefined,
    hours: (isIntraday(draft.timeframe) && draft.hours) || undefined,
    cash: draft.cash || undefined,
    params: paramsOf(draft, params),
    costs,
    fill_at: draft.fillAt,
    limits: draft.limits,
    name: draft.name.trim() || undefined,
    ...(draft.kind === "backtest" ? {} : search),
    ...(draft.kind === "walk_forward" ? { train: draft.train, test: draft.test } : {}),
  } as RunRequest;
}
