import { type Amount, decimal } from "./decimal";

const MINOR_DIGITS: Record<string, number> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  ISK: 0,
  KWD: 3,
  BHD: 3,
  BTC: 8,
  ETH: 8,
};

/** Decimals of a currency's smallest unit. */
export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

/** Money with the minor digits of its currency; the currency's name belongs into the header. */
export function money(value: Amount, currency: string, options: { sign?: boolean } = {}): string {
  return decimal(value, minorDigits(currency), options);
}
