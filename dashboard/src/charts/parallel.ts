import type { EChartsCoreOption } from "echarts/core";
import { type ChartTheme, CIVIDIS } from "./theme";

/** Trials as lines: axes, and of each line a place on every axis; the last axis colours. */
export type ParallelData = {
  axes: { name: string; label: string; is_log: boolean; categories: string[] | null }[];
  trials: number[];
  rows: (number | null)[][];
};

/** What a brush on an axis leaves; both ends included. */
export type Range = { name: string; low: number; high: number };

/** Parallel coordinates: a line per trial through its parameters and results, light where the last axis is high. */
export function parallelOption({ axes, rows }: ParallelData, theme: ChartTheme, isLight: boolean): EChartsCoreOption {
  const last = axes.length - 1;
  const values = rows.flatMap((row) => (typeof row[last] === "number" ? [row[last]] : []));
  // The lightest colours vanish on white, the darkest on black.
  const colours = isLight ? [...CIVIDIS].slice(0, 9).reverse() : [...CIVIDIS].slice(3);
  return {
    backgroundColor: theme.page,
    textStyle: { fontFamily: theme.font },
    parallel: {
      left: 36,
      right: 56,
      top: 34,
      bottom: 18,
      parallelAxisDefault: {
        nameTextStyle: { color: theme.text, fontSize: 12 },
        nameGap: 12,
        axisLabel: { color: theme.muted, hideOverlap: true },
        axisLine: { lineStyle: { color: theme.border } },
        axisTick: { show: false },
        areaSelectStyle: { color: theme.accent, borderColor: theme.accent, opacity: 0.25, width: 18 },
      },
    },
    parallelAxis: axes.map(({ name, label, is_log, categories }, dim) => ({
      dim,
      id: name,
      name: label,
      scale: true,
      type: categories ? "category" : is_log ? "log" : "value",
      ...(categories ? { data: categories } : {}),
    })),
    visualMap: {
      show: false,
      dimension: last,
      min: Math.min(...values),
      max: Math.max(...values),
      inRange: { color: colours },
    },
    series: [
      {
        type: "parallel",
        data: rows.map((row) => row.map((place) => place ?? "-")),
        lineStyle: { width: 1.3, opacity: 0.5 },
        inactiveOpacity: 0.04,
        activeOpacity: 0.8,
        progressive: 500,
      },
    ],
  };
}

/** The ranges after a brush on one axis; a brush that is taken away leaves none there. */
export function withRange(ranges: readonly Range[], name: string, intervals: readonly [number, number][]): Range[] {
  const others = ranges.filter((range) => range.name !== name);
  if (!intervals.length) return others;
  const low = Math.min(...intervals.map(([from]) => from));
  const high = Math.max(...intervals.map(([, to]) => to));
  return [...others, { name, low, high }];
}
