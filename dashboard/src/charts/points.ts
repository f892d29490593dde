import type { Columns } from "./columns";
import type { SeriesSpec } from "./panes";
import type { ChartTheme } from "./theme";

/** The rows of a series as the chart library takes them; what is missing is a time without a value. */
export function pointsOf(columns: Columns, spec: SeriesSpec, theme: ChartTheme): object[] {
  if (spec.kind === "line") return linePoints(columns, spec.key);
  const bars = columns.bars[spec.key];
  return columns.t.map((time, index) => {
    const [open, high, low, close] = [bars?.open[index], bars?.high[index], bars?.low[index], bars?.close[index]];
    if (open == null || high == null || low == null || close == null) return { time };
    if (spec.kind === "candles") return { time, open, high, low, close };
    return { time, value: bars?.volume?.[index] ?? 0, color: `${close >= open ? theme.gain : theme.loss}66` };
  });
}

function linePoints(columns: Columns, key: string): object[] {
  const line = columns.lines[key];
  return columns.t.map((time, index) => {
    const last = line?.last[index];
    if (last == null) return { time };
    return { time, last, min: line?.min[index] ?? last, max: line?.max[index] ?? last };
  });
}
