import { decimal, NOT_AVAILABLE } from "./decimal";

/** A number on an axis: as many decimals as its size leaves room for. Not for money that is told. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  const size = Math.abs(value);
  if (size >= 1e9) return `${decimal(value / 1e9, 2)} bn`;
  if (size >= 1e7) return `${decimal(value / 1e6, 2)} m`;
  if (size >= 1e4) return decimal(value, 0);
  if (size >= 1 || size === 0) return decimal(value, 2);
  return decimal(value, Math.min(10, 4 - Math.floor(Math.log10(size))));
}
