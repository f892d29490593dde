/** A stretch of time in seconds since 1970 UTC, half-open. */
export type Span = { from: number; to: number };

const SMALLEST = 60;

/**
 * The stretch to ask for when this much is in view: two tiles of a fixed grid whose tiles are at least as long as the
 * view, so that panning asks seldom and always for the same stretches. None where the whole is hardly longer.
 */
export function tileFor(view: Span, whole: Span): Span | null {
  const seen = Math.max(SMALLEST, view.to - view.from);
  const length = SMALLEST * 2 ** Math.ceil(Math.log2(seen / SMALLEST));
  if (2 * length >= whole.to - whole.from) return null;
  const from = Math.floor(view.from / length) * length;
  return { from, to: from + 2 * length };
}

/** Buckets that a pane of that width can show, in steps of a doubling so that small changes of width ask for the same. */
export function bucketsFor(width: number, pixelRatio: number): number {
  const wanted = Math.max(250, width * pixelRatio);
  return Math.min(4_000, 250 * 2 ** Math.ceil(Math.log2(wanted / 250)));
}
