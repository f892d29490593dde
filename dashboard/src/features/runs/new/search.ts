/** What the address of a new run holds: what it is started from. */
export type NewRunSearch = {
  strategy?: string;
  source?: "store" | "synthetic";
  kind?: "backtest" | "optimize" | "walk_forward";
  symbols?: string;
  /** A run whose choices are taken over. */
  like?: string;
};

/** The address as it may be: what means nothing is left out. */
export function newRunSearch(search: Record<string, unknown>): NewRunSearch {
  const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
  const found: NewRunSearch = {
    strategy: text(search.strategy),
    source: (["store", "synthetic"] as const).find((each) => each === search.source),
    kind: (["backtest", "optimize", "walk_forward"] as const).find((each) => each === search.kind),
    symbols: text(search.symbols),
    like: text(search.like),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
