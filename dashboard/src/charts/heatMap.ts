import type { EChartsCoreOption } from "echarts/core";
import { type ChartTheme, CIVIDIS } from "./theme";

/** Trials over two parameters as the server lays them out: cells as columns of equal length. */
export type HeatMapData = {
  x: { name: string; labels: string[] };
  y: { name: string; labels: string[] };
  value: { label: string };
  maximize: boolean;
  cells: {
    x: number[];
    y: number[];
    value: (number | null)[];
    text: string[];
    trials: number[];
    few_trades: boolean[];
    best: (number | null)[];
  };
  best: { x: number; y: number } | null;
};

const MOST_LABELLED = 40;

/** A heat-map over two parameters: cividis, light is better, the best ringed, cells with too few trades hatched. */
export function heatMapOption(data: HeatMapData, theme: ChartTheme): EChartsCoreOption {
  const known = data.cells.value.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const written = (value: number) => data.cells.text[data.cells.value.indexOf(value)] ?? value.toPrecision(3);
  return {
    backgroundColor: theme.page,
    textStyle: { fontFamily: theme.font },
    grid: { left: 64, right: 12, top: 8, bottom: 96, containLabel: false },
    xAxis: { ...axis(data.x.name, data.x.labels, theme), nameGap: 28 },
    yAxis: { ...axis(data.y.name, data.y.labels, theme), nameGap: 46 },
    tooltip: {
      backgroundColor: theme.surface,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      formatter: ({ data: { at } }: { data: { at: number } }) => sayCell(data, at),
    },
    visualMap: {
      min: known.length ? low : 0,
      max: known.length && high > low ? high : low + 1,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 4,
      itemHeight: 140,
      itemWidth: 12,
      dimension: 2,
      text: known.length ? [written(high), written(low)] : undefined,
      inRange: { color: data.maximize ? [...CIVIDIS] : [...CIVIDIS].reverse() },
      outOfRange: { color: "transparent" },
      textStyle: { color: theme.muted },
    },
    series: [{ type: "heatmap", data: cellsOf(data, theme), emphasis: { itemStyle: { borderColor: theme.text } } }],
  };
}

/** What a cell shows, in a line. */
export function sayCell({ x, y, value, cells }: HeatMapData, at: number): string {
  const place = `${x.name} ${x.labels[cells.x[at] ?? 0]}, ${y.name} ${y.labels[cells.y[at] ?? 0]}`;
  const count = cells.trials[at] ?? 0;
  const trials = count === 1 ? "" : ` of ${count} trials`;
  const few = cells.few_trades[at] ? ", fewer than 30 trades" : "";
  return `${place}: ${value.label} ${cells.text[at]}${trials}${few}`;
}

function axis(name: string, labels: string[], theme: ChartTheme): object {
  return {
    type: "category",
    name,
    data: labels,
    nameLocation: "middle",
    axisLabel: { color: theme.muted, hideOverlap: true },
    nameTextStyle: { color: theme.text },
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    splitArea: { show: false },
  };
}

function cellsOf(data: HeatMapData, theme: ChartTheme): object[] {
  const { cells } = data;
  const items = cells.x.map((_, at) => item(data, at, theme));
  const best = cells.x.findIndex((x, at) => x === data.best?.x && cells.y[at] === data.best.y);
  // What is drawn last lies on top: its ring is whole.
  return best < 0 ? items : [...items.filter((_, at) => at !== best), items[best] as object];
}

function item({ cells, best, x, y }: HeatMapData, at: number, theme: ChartTheme): object {
  const isBest = best !== null && best.x === cells.x[at] && best.y === cells.y[at];
  const gap = Math.max(x.labels.length, y.labels.length) > MOST_LABELLED ? 0 : 1;
  const decal = { symbol: "rect", rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 5], color: theme.page };
  return {
    at,
    value: [cells.x[at], cells.y[at], cells.value[at] ?? "-"],
    itemStyle: {
      borderColor: isBest ? theme.loss : theme.page,
      borderWidth: isBest ? 4 : gap,
      ...(cells.few_trades[at] ? { decal } : {}),
    },
  };
}
