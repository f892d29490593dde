import { type Amount, decimal, decimalText, NOT_AVAILABLE } from "./decimal";

const MOST_DECIMALS = 10;

/** Decimals that a smallest step of price or quantity needs, read off its digits; at most 10. */
export function decimalsOf(step: Amount): number {
  const text = decimalText(step);
  if (text === null) return 2;
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const behind = (mantissa.split(".")[1] ?? "").replace(/0+$/, "").length;
  return Math.min(MOST_DECIMALS, Math.max(0, behind - Number(exponent)));
}

/** A price or a quantity with the decimals of the instrument's tick or lot. */
export function price(value: Amount, step: Amount = "0.01", options: { sign?: boolean } = {}): string {
  return decimal(value, decimalsOf(step), options);
}

/** A quantity without a known lot: the decimals it has, at most 8. */
export function quantity(value: Amount): string {
  const text = decimalText(value);
  if (text === null) return NOT_AVAILABLE;
  return decimal(value, Math.min(8, decimalsOf(typeof value === "number" ? value.toFixed(8) : text)));
}
