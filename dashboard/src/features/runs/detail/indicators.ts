import type { LineSpec, PaneSpec } from "@/charts/panes";
import { compact } from "@/format/compact";

type Kind = { word: string; period: number; isOverlay: boolean };

/** Indicators to choose from, with the period that is usual. */
export const KINDS: Readonly<Record<string, Kind>> = {
  sma: { word: "Simple average", period: 50, isOverlay: true },
  ema: { word: "Exponential average", period: 20, isOverlay: true },
  wma: { word: "Weighted average", period: 20, isOverlay: true },
  rsi: { word: "RSI", period: 14, isOverlay: false },
  atr: { word: "Average true range", period: 14, isOverlay: false },
  roc: { word: "Rate of change", period: 10, isOverlay: false },
};

/** How many lines are told apart in one picture. */
export const MOST = 4;

/** Indicators of the address, each with its name and period. */
export const indicatorsOf = (lines: string | undefined): string[] => (lines ? lines.split(",").slice(0, MOST) : []);

/** What a line is called. */
export function labelOf(indicator: string): string {
  const [name = "", period] = indicator.split(":");
  return `${(KINDS[name]?.word ?? name).replace("average", "avg")} ${period}`;
}

const isOverlay = (indicator: string): boolean => KINDS[indicator.split(":")[0] ?? ""]?.isOverlay ?? false;

const line = (key: string, place: number): LineSpec => ({
  kind: "line",
  key,
  label: labelOf(key),
  color: (place % MOST) as LineSpec["color"],
});

/** The panes with indicators: averages over the price, each other one in a pane below it. */
export function withIndicators(panes: PaneSpec[], indicators: readonly string[]): PaneSpec[] {
  const [price, ...others] = panes;
  if (!price || !indicators.length) return panes;
  const over = indicators.filter(isOverlay).map(line);
  const below = indicators.filter((each) => !isOverlay(each));
  return [
    { ...price, series: [...price.series, ...over] },
    ...below.map((key, place): PaneSpec => ({ key, weight: 1, format: compact, series: [line(key, place)] })),
    ...others,
  ];
}
