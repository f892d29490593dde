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
  /** Of a search: its trials, or the run of the best of them. */
  part?: "best";
  /** Axes of the heat-map, what it shows, and what becomes of the other parameters. */
  x?: string;
  y?: string;
  value?: string;
  cells?: "best";
  /** Parameters that are held, as name:value. */
  hold?: string[];
  /** Ranges that trials are kept to, as name:low:high. */
  ranges?: string[];
  /** Numbers of the chosen trials. */
  picked?: number[];
  /** Jobs that run the chosen trials, to be compared when they have ended. */
  jobs?: string[];
};

const MOST_PICKED = 8;

function count(value: unknown): number | undefined {
  const found = Number(value);
  return value !== "" && Number.isInteger(found) && found > 0 ? found : undefined;
}

function lines(value: unknown): string | undefined {
  const found = String(value ?? "").split(",");
  return found.filter((each) => /^[a-z_]+:\d+$/.test(each)).join(",") || undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value ? value : undefined;
}

function list<Item>(value: unknown, one: (item: unknown) => Item | undefined): Item[] | undefined {
  const found = (Array.isArray(value) ? value : []).flatMap((item) => one(item) ?? []);
  return found.length ? found : undefined;
}

const trial = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
const shaped =
  (shape: RegExp) =>
  (value: unknown): string | undefined =>
    typeof value === "string" && shape.test(value) ? value : undefined;

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
    sort: typeof search.sort === "string" && /^-?\w+$/.test(search.sort) ? search.sort : undefined,
    table: search.table === "fills" ? "fills" : undefined,
    lines: lines(search.lines),
    log: search.log === true || undefined,
    side: (["long", "short"] as const).find((each) => each === search.side),
    outcome: (["gain", "loss"] as const).find((each) => each === search.outcome),
    within: search.within === "view" ? "view" : undefined,
    part: search.part === "best" ? "best" : undefined,
    x: text(search.x),
    y: text(search.y),
    value: text(search.value),
    cells: search.cells === "best" ? "best" : undefined,
    hold: list(search.hold, shaped(/^[^:]+:.+$/)),
    ranges: list(search.ranges, shaped(/^[^:]+:[^:]+:[^:]+$/)),
    picked: list(search.picked, trial)?.slice(0, MOST_PICKED),
    jobs: list(search.jobs, shaped(/^[0-9a-f]+$/)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
