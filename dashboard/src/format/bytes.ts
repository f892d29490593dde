import { decimal, NOT_AVAILABLE } from "./decimal";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in the decimal unit that keeps it below 1,000. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  let shown = value;
  let unit = 0;
  while (shown >= 1_000 && unit < UNITS.length - 1) {
    shown /= 1_000;
    unit += 1;
  }
  return `${decimal(shown, unit && shown < 10 ? 1 : 0)} ${UNITS[unit]}`;
}
