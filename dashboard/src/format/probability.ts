import { NOT_AVAILABLE } from "./decimal";

/** A probability with two decimals, never a certainty. */
export function probability(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  if (value < 0.01) return "<0.01";
  return value > 0.99 ? ">0.99" : value.toFixed(2);
}
