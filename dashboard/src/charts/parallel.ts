import type { EChartsCoreOption } from "echarts/core";
import { type ChartTheme, CIVIDIS } from "./theme";

/** An axis of a parallel plot; names of a choice stand in their order. */
export type ParallelAxis = { name: string; categories?: string[] };

export type ParallelData = {
  axes: ParallelAxis[];
  /** One row per line, one value per axis; the last axis colours. */
  rows: (number | string | null)[][];
};

/** The most lines that are drawn. */
export const MOST_LINES = 2_000;

/** Which rows are drawn of too many: the best ones, and others at even steps; the picture says so. */
export function drawnRows<T>(bestFirst: readonly T[], most: number = MOST_LINES): T[] {
  if (bestFirst.length <= most) return [...bestFirst];
  const top = Math.floor(most / 2);
  const rest = bestFirst.slice(top);
  const step = rest.length / (most - top);
  return [
    ...bestFirst.slice(0, top),
    ...Array.from({ length: most - top }, (_, each) => rest[Math.floor(each * step)] as T),
  ];
}

/** Parallel coordinates: a line per trial through its parameters and results, coloured by the last axis. */
export function parallelOption({ axes, rows }: ParallelData, theme: ChartTheme): EChartsCoreOption {
  const last = axes.length - 1;
  const values = rows.flatMap((row) => (typeof row[last] === "number" ? [row[last]] : []));
  return {
    backgroundColor: theme.page,
    textStyle: { fontFamily: theme.font },
    parallel: {
      left: 48,
      right: 64,
      top: 36,
      bottom: 20,
      parallelAxisDefault: {
        nameTextStyle: { color: theme.text },
        axisLabel: { color: theme.muted },
        axisLine: { lineStyle: { color: theme.border } },
        areaSelectStyle: { color: theme.accent, borderColor: theme.accent, opacity: 0.25, width: 16 },
      },
    },
    parallelAxis: axes.map(({ name, categories }, dim) => ({
      dim,
      name,
      scale: true,
      ...(categories ? { type: "category", data: categories } : {}),
    })),
    visualMap: {
      show: false,
      dimension: last,
      min: Math.min(...values, 0),
      max: Math.max(...values, 0),
      inRange: { color: [...CIVIDIS] },
    },
    series: [{ type: "parallel", data: rows, lineStyle: { width: 1.2, opacity: 0.5 }, progressive: 500 }],
  };
}
