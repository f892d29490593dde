/** What the address of the list of runs holds. */
export type RunsSearch = {
  strategy?: string;
  symbol?: string;
  tag?: string;
  kind?: "backtest" | "optimize" | "walk_forward";
  since?: string;
  /** Only those that somebody marked. */
  star?: true;
  sort?: RunSort;
  order?: "asc" | "desc";
  page?: number;
  /** Ids that are selected, with commas between. */
  ids?: string;
};

export const SORTS = ["created", "strategy", "name", "total_return", "sharpe", "max_drawdown", "trades"] as const;
export type RunSort = (typeof SORTS)[number];

export const KINDS = { backtest: "Backtest", optimize: "Search", walk_forward: "Walk-forward" } as const;

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value ? value : undefined;
}

function among<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

/** The address as it may be: what means nothing is left out. */
export function runsSearch(search: Record<string, unknown>): RunsSearch {
  const page = Number(search.page);
  const found: RunsSearch = {
    strategy: text(search.strategy),
    symbol: text(search.symbol),
    tag: text(search.tag),
    kind: among(Object.keys(KINDS) as (keyof typeof KINDS)[], search.kind),
    since: /^\d{4}-\d{2}-\d{2}$/.test(text(search.since) ?? "") ? text(search.since) : undefined,
    star: search.star === true || undefined,
    sort: among(SORTS, search.sort),
    order: among(["asc", "desc"] as const, search.order),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
    ids: text(search.ids),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** What of an address says which runs are listed, and in which order. */
export function filterOf({ page: _, ids: __, ...filter }: RunsSearch): RunsSearch {
  return filter;
}

/** Ids with commas between, as a list. */
export function idsOf(ids: string | undefined): string[] {
  return ids ? [...new Set(ids.split(",").filter(Boolean))] : [];
}
