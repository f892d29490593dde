/** The stretches of time that the curve of the overview can show. */
export const PERIODS = ["1D", "1W", "1M", "All"] as const;

export type Period = (typeof PERIODS)[number];

/** What the address of the overview holds. */
export type OverviewSearch = { period?: Period; currency?: string };

/** The address as it may be: what means nothing is left out. */
export function overviewSearch({ period, currency }: Record<string, unknown>): OverviewSearch {
  const known = PERIODS.find((each) => each === period);
  return {
    ...(known && known !== "All" ? { period: known } : {}),
    ...(typeof currency === "string" && currency ? { currency } : {}),
  };
}
