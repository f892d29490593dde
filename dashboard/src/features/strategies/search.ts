import type { StrategyFilter } from "./queries";

/** How far a strategy may go now, each further than the one before. */
export const MODES = ["backtest", "paper", "live"] as const;
export const STATUSES = ["active", "inactive"] as const;

const oneOf = <Word extends string>(words: readonly Word[], said: unknown): Word | undefined =>
  words.find((word) => word === said);

/** The filters that an address says; what it says otherwise is passed over. */
export function strategyFilter(search: Record<string, unknown>): StrategyFilter {
  const [mode, status] = [oneOf(MODES, search.mode), oneOf(STATUSES, search.status)];
  return { ...(mode && { mode }), ...(status && { status }) };
}
