import { type Amount, decimal, decimalText, NOT_AVAILABLE } from "./decimal";

const MOST_DECIMALS = 10;
const MOST_SHOWN = 8;

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

/** A quantity or price without a known step: the decimals it has, at most 8. */
export function quantity(value: Amount): string {
  if (decimalText(value) === null) return NOT_AVAILABLE;
  const shown = decimal(value, MOST_SHOWN);
  return shown.replace(/\.?0+$/, "");
}
