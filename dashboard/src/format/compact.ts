import { decimal, NOT_AVAILABLE } from "./decimal";

/** A number on an axis: as many decimals as its size leaves room for, and so many more. Not for money that is told. */
export function compact(value: number | null | undefined, more = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  const size = Math.abs(value);
  if (size >= 1e9) return `${decimal(value / 1e9, 2 + more)} bn`;
  if (size >= 1e7) return `${decimal(value / 1e6, 2 + more)} m`;
  if (size >= 1e4) return decimal(value, more);
  if (size >= 1 || size === 0) return decimal(value, 2 + more);
  return decimal(value, Math.min(10, 4 + more - Math.floor(Math.log10(size))));
}
