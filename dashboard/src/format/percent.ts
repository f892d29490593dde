import { decimal, NOT_AVAILABLE } from "./decimal";

/** A fraction in percent: two decimals below 100 %, none above, and so many more. */
export function percent(value: number | null | undefined, options: { sign?: boolean; more?: number } = {}): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  const hundredfold = value * 100;
  return `${decimal(hundredfold, (Math.abs(hundredfold) < 99.995 ? 2 : 0) + (options.more ?? 0), options)} %`;
}

/** A return: signed percent, and from 1,000 % on the multiple that the money became. */
export function returns(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value) || value < 10)
    return percent(value, { sign: true });
  const multiple = 1 + value;
  if (multiple >= 1e6) return `×${multiple.toExponential(1).replace(/e\+(\d)$/, "e+0$1")}`;
  return `×${decimal(multiple, multiple < 1e3 ? 1 : 0)}`;
}

/** A difference of two fractions, in percentage points. */
export function points(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOT_AVAILABLE;
  return `${decimal(value * 100, 2, { sign: true })} pp`;
}

/** Basis points with one decimal. */
export function bps(value: number | null | undefined): string {
  const text = decimal(value, 1);
  return text === NOT_AVAILABLE ? text : `${text} bps`;
}
