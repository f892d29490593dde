import { decimal, NOT_AVAILABLE } from "./decimal";

/** A ratio, with its standard error where one is known; no more decimals than the error supports, at most two. */
export function ratio(value: number | null | undefined, error?: number | null): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  if (error === null || error === undefined || !Number.isFinite(error) || error <= 0) {
    return decimal(value, Math.abs(value) < 1e3 ? 2 : 0);
  }
  const decimals = Math.min(2, Math.max(0, -Math.floor(Math.log10(error))));
  const spread = error >= 0.005 ? decimal(error, decimals) : "<0.01";
  return `${decimal(value, decimals)} ± ${spread}`;
}
