/** One value per bucket for each of the four numbers of a line: the first, the extremes and the last. */
export type LineColumns = {
  first: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
  last: (number | null)[];
};

/** Bars of the buckets. */
export type BarColumns = {
  open: (number | null)[];
  high: (number | null)[];
  low: (number | null)[];
  close: (number | null)[];
  volume?: (number | null)[];
};

/** Columns that share one array of times, in seconds since 1970 UTC, rising. */
export type Columns = {
  t: number[];
  lines: Record<string, LineColumns>;
  bars: Record<string, BarColumns>;
  /** Whether every raw point is there, so that nothing finer exists. */
  isRaw: boolean;
};

type Cells = (number | null)[];

/** The columns of a coarse picture with a finer one in its midst: each time once, in rising order. */
export function withFiner(coarse: Columns, fine: Columns | null): Columns {
  const start = fine?.t[0];
  const end = fine?.t.at(-1);
  if (!fine || start === undefined || end === undefined) return coarse;
  const before = coarse.t.filter((each) => each < start).length;
  const after = coarse.t.findIndex((each) => each > end);
  const joined = (outer: Cells, inner: Cells | undefined): Cells => [
    ...outer.slice(0, before),
    ...(inner ?? fine.t.map(() => null)),
    ...(after < 0 ? [] : outer.slice(after)),
  ];
  return {
    t: joined(coarse.t, fine.t) as number[],
    lines: mapped(coarse.lines, (name, outer) => eachColumn(outer, fine.lines[name], joined)),
    bars: mapped(coarse.bars, (name, outer) => eachColumn(outer, fine.bars[name], joined)),
    isRaw: false,
  };
}

/** Columns with the lines of others over the same times; lines of other times are not there yet. */
export function withLines(columns: Columns, more: Columns | null): Columns {
  const { t, lines } = columns;
  const isSame = more !== null && more.t.length === t.length && more.t[0] === t[0] && more.t.at(-1) === t.at(-1);
  return isSame ? { ...columns, lines: { ...lines, ...more.lines } } : columns;
}

/** The least value of a line, as its buckets keep it; null where it has none. */
export function lowest(columns: Columns, key: string): number | null {
  let found: number | null = null;
  for (const value of columns.lines[key]?.min ?? []) if (value !== null && value < (found ?? Infinity)) found = value;
  return found;
}

function mapped<T>(record: Record<string, T>, change: (name: string, value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}

function eachColumn<T extends Record<string, Cells>>(
  outer: T,
  inner: T | undefined,
  join: (a: Cells, b?: Cells) => Cells,
): T {
  return Object.fromEntries(Object.entries(outer).map(([name, cells]) => [name, join(cells, inner?.[name])])) as T;
}

/** Index of the last time that is not after the given one; 0 where all are after it. */
export function indexAt(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
