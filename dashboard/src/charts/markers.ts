import type { Span } from "./tiles";

/** A fill to be marked on a chart. */
export type Mark = {
  /** Seconds since 1970 UTC. */
  at: number;
  side: "buy" | "sell";
  price: number | null;
  /** The trade that it belongs to. */
  trade: number | null;
};

/** A mark as drawn: one fill, or the fills of a bucket counted. */
export type DrawnMark = Mark & { count: number };

/** The most that are drawn at once. */
export const MOST_MARKS = 500;

/** The marks inside the view, in order of time; where there are too many, one count per bucket and side. */
export function marksInView(marks: readonly Mark[], view: Span | null, most: number = MOST_MARKS): DrawnMark[] {
  const inside = marks.filter((mark) => !view || (mark.at >= view.from && mark.at <= view.to));
  inside.sort((a, b) => a.at - b.at);
  const first = inside[0];
  const last = inside.at(-1);
  if (!first || !last || inside.length <= most) return inside.map((mark) => ({ ...mark, count: 1 }));
  const buckets = Math.floor(most / 2);
  const width = (last.at - first.at) / buckets || 1;
  const counted = new Map<string, DrawnMark>();
  for (const mark of inside) {
    const bucket = Math.min(buckets - 1, Math.floor((mark.at - first.at) / width));
    const key = `${bucket} ${mark.side}`;
    const known = counted.get(key);
    if (known) known.count += 1;
    else counted.set(key, { ...mark, trade: null, price: null, count: 1 });
  }
  return [...counted.values()];
}

/** Marks that stand on the same bar and side as one, with their count; `place` says on which bar. */
export function stacked(marks: readonly DrawnMark[], place: (at: number) => number): DrawnMark[] {
  const found = new Map<string, DrawnMark>();
  for (const mark of marks) {
    const key = `${place(mark.at)} ${mark.side}`;
    const known = found.get(key);
    if (known) known.count += mark.count;
    else found.set(key, { ...mark });
  }
  return [...found.values()];
}
