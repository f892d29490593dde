import { decimal, MINUS, NOT_AVAILABLE } from "./decimal";

const UNITS: readonly (readonly [string, number])[] = [
  ["y", 365 * 86_400],
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** A length of time in its two largest units; a year counts 365 days. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NOT_AVAILABLE;
  const whole = Number(decimal(Math.abs(seconds), 0, { grouped: false }));
  const lead = seconds < 0 && whole ? MINUS : "";
  const index = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[index] ?? ["s", 1];
  if (index < 0) return "0 s";
  const smaller = UNITS[index + 1];
  const rest = smaller ? Math.floor((whole % size) / smaller[1]) : 0;
  return `${lead}${Math.floor(whole / size)} ${unit}${smaller && rest ? ` ${rest} ${smaller[0]}` : ""}`;
}
