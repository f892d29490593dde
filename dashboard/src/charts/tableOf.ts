import { clock } from "@/format/time";
import type { ChartTable } from "./ChartFrame";
import type { Columns } from "./columns";
import type { PaneSpec, SeriesSpec } from "./panes";

const MOST_ROWS = 500;

/** When a bucket is, as its row says it. */
export function labelAt(at: number | undefined, zone: string, isDaily: boolean): string {
  const found = at === undefined ? null : clock(at * 1_000, zone);
  return found ? (isDaily ? found[0] : `${found[0]} ${found[1]}`) : "";
}

/** The value of a series at a bucket: the last of a line, the close of a bar. */
export function valueAt(columns: Columns, spec: SeriesSpec, index: number): number | null {
  if (spec.kind === "line") return columns.lines[spec.key]?.last[index] ?? null;
  const bars = columns.bars[spec.key];
  return (spec.kind === "volume" ? bars?.volume?.[index] : bars?.close[index]) ?? null;
}

/** The numbers behind a chart, newest first; a long one shows its last rows and says so. */
export function tableOf(columns: Columns, panes: PaneSpec[], zone: string, isDaily: boolean): ChartTable {
  const series = panes.flatMap((pane) => pane.series.map((spec) => ({ spec, format: pane.format })));
  const count = columns.t.length;
  const shown = Math.min(count, MOST_ROWS);
  const rows = Array.from({ length: shown }, (_, back) => {
    const index = count - 1 - back;
    const cells = series.map(({ spec, format }) => {
      const value = valueAt(columns, spec, index);
      return value === null ? "n/a" : format(value);
    });
    return [labelAt(columns.t[index], zone, isDaily), ...cells];
  });
  const note =
    shown < count
      ? `The last ${shown} of ${count.toLocaleString("en-US")} rows; the export has all of them.`
      : undefined;
  return { head: ["Time", ...series.map(({ spec }) => spec.label)], rows, note };
}
