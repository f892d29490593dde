/** What stands where there is no number; the reason belongs beside it. */
export const NOT_AVAILABLE = "n/a";

/** The true minus sign. */
export const MINUS = "\u2212";

/** A number of the API: a decimal string (money, prices), a JSON number, or nothing. */
export type Amount = string | number | null | undefined;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(decimals: number, grouped: boolean): Intl.NumberFormat {
  const key = `${decimals}${grouped}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: grouped,
    roundingMode: "halfEven",
  } as Intl.NumberFormatOptions);
  formats.set(key, made);
  return made;
}

/** The text of a decimal that is a finite number, or null. Numbers are written out, strings stay as they came. */
export function decimalText(value: Amount): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  const text = value.trim();
  return DECIMAL.test(text) ? text : null;
}

/** Whether a decimal is below, at or above zero; read off its digits, so that no digit is lost. */
export function signOf(value: Amount): -1 | 0 | 1 {
  const text = decimalText(value);
  if (text === null || !/[1-9]/.test(text.split(/[eE]/)[0] ?? "")) return 0;
  return text.startsWith("-") ? -1 : 1;
}

/**
 * A decimal with that many digits behind the point, grouped by thousands. Strings are rounded digit by digit (half to
 * even) and never become floats; what rounds to zero carries no sign.
 */
export function decimal(value: Amount, decimals: number, options: { sign?: boolean; grouped?: boolean } = {}): string {
  const text = decimalText(value);
  if (text === null) return NOT_AVAILABLE;
  const unsigned = text.replace(/^[+-]/, "");
  const digits = typeof value === "number" ? exact(Math.abs(value)) : unsigned;
  const shown = formatOf(decimals, options.grouped ?? true).format(digits as `${number}`);
  if (!/[1-9]/.test(shown)) return shown;
  if (signOf(text) < 0) return MINUS + shown;
  return options.sign ? `+${shown}` : shown;
}

const EXACT = 60;

/** A float's exact binary value, as Python's format reads it, not the shortest text that stands for it. */
function exact(value: number): string {
  return value < 1e21 ? value.toFixed(EXACT) : String(value);
}
