/** The tabs of a run, in their order. */
export const TABS = ["trades", "orders", "statistics", "log", "config"] as const;
export type Tab = (typeof TABS)[number];

/** What the address of a run holds. */
export type RunSearch = {
  tab?: Tab;
  /** Number of the selected trade. */
  trade?: number;
  /** Whose bars are drawn. */
  symbol?: string;
  /** What the chart shows, in seconds since 1970 UTC. */
  from?: number;
  to?: number;
  page?: number;
  sort?: string;
  table?: "orders" | "fills";
  side?: "long" | "short";
  outcome?: "gain" | "loss";
  /** Only trades that ended in what the chart shows. */
  within?: "view";
  /** Indicators in the chart, as `name:period` with commas between. */
  lines?: string;
  /** Prices and equity on a logarithmic scale. */
  log?: boolean;
};

function count(value: unknown): number | undefined {
  const found = Number(value);
  return value !== "" && Number.isInteger(found) && found > 0 ? found : undefined;
}

function lines(value: unknown): string | undefined {
  const found = String(value ?? "").split(",");
  return found.filter((each) => /^[a-z_]+:\d+$/.test(each)).join(",") || undefined;
}

/** The address as it may be: what means nothing is left out. */
export function runSearch(search: Record<string, unknown>): RunSearch {
  const [from, to] = [Number(search.from), Number(search.to)];
  const hasRange = Number.isFinite(from) && Number.isFinite(to) && from < to;
  const found: RunSearch = {
    tab: TABS.find((each) => each === search.tab),
    trade: count(search.trade),
    symbol: typeof search.symbol === "string" ? search.symbol : undefined,
    from: hasRange ? Math.round(from) : undefined,
    to: hasRange ? Math.round(to) : undefined,
    page: count(search.page),
    sort: typeof search.sort === "string" && /^-?[a-z_]+$/.test(search.sort) ? search.sort : undefined,
    table: search.table === "fills" ? "fills" : undefined,
    lines: lines(search.lines),
    log: search.log === true || undefined,
    side: (["long", "short"] as const).find((each) => each === search.side),
    outcome: (["gain", "loss"] as const).find((each) => each === search.outcome),
    within: search.within === "view" ? "view" : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
