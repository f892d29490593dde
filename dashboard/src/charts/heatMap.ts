import type { EChartsCoreOption } from "echarts/core";
import { type ChartTheme, CIVIDIS } from "./theme";

/** A cell of a heat-map; null where nothing was tried or the number is undefined. */
export type Cell = { x: number; y: number; value: number | null; tooFew: boolean };

export type HeatMapData = {
  xName: string;
  yName: string;
  xs: string[];
  ys: string[];
  cells: Cell[];
  best: { x: number; y: number } | null;
  format: (value: number | null) => string;
};

/** A heat-map over two parameters: cividis, the best ringed, cells with too few trades hatched. */
export function heatMapOption(data: HeatMapData, theme: ChartTheme): EChartsCoreOption {
  const values = data.cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const axis = (name: string, labels: string[]) => ({
    type: "category",
    name,
    data: labels,
    nameLocation: "middle",
    nameGap: 34,
    axisLabel: { color: theme.muted },
    nameTextStyle: { color: theme.text },
    axisLine: { lineStyle: { color: theme.line } },
    splitArea: { show: false },
  });
  return {
    backgroundColor: theme.page,
    textStyle: { fontFamily: theme.font },
    grid: { left: 56, right: 16, top: 12, bottom: 92, containLabel: false },
    xAxis: axis(data.xName, data.xs),
    yAxis: axis(data.yName, data.ys),
    tooltip: {
      backgroundColor: theme.surface,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      formatter: ({ data: at }: { data: { value: [number, number, number | null] } }) => {
        const [x, y, value] = at.value;
        return `${data.xName} ${data.xs[x]}, ${data.yName} ${data.ys[y]}: ${data.format(value)}`;
      },
    },
    visualMap: {
      min: Math.min(...values, 0),
      max: Math.max(...values, 0),
      calculable: true,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemHeight: 160,
      dimension: 2,
      inRange: { color: [...CIVIDIS] },
      textStyle: { color: theme.muted },
      formatter: (value: number) => data.format(value),
    },
    series: [{ type: "heatmap", data: data.cells.map((cell) => cellItem(cell, data.best, theme)) }],
  };
}

function cellItem({ x, y, value, tooFew }: Cell, best: HeatMapData["best"], theme: ChartTheme): object {
  const isBest = best?.x === x && best.y === y;
  const hatch = { symbol: "rect", rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 4], color: theme.page };
  return {
    value: [x, y, value ?? "-"],
    itemStyle: {
      borderColor: isBest ? theme.text : theme.page,
      borderWidth: isBest ? 3 : 1,
      ...(tooFew ? { decal: hatch } : {}),
    },
  };
}
