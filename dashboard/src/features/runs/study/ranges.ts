import type { Range } from "@/charts/parallel";

/** Ranges as the address holds them: name:low:high. */
export function rangesOf(within: readonly string[] | undefined): Range[] {
  return (within ?? []).flatMap((each) => {
    const [name = "", low, high] = each.split(":");
    const range = { name, low: Number(low), high: Number(high) };
    return Number.isFinite(range.low) && Number.isFinite(range.high) ? [range] : [];
  });
}

/** The address of ranges; none is no address. */
export function withinOf(ranges: readonly Range[]): string[] | undefined {
  return ranges.length ? ranges.map(({ name, low, high }) => `${name}:${low}:${high}`) : undefined;
}
