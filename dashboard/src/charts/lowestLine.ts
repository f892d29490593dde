import { type ISeriesApi, LineStyle, type SeriesType } from "lightweight-charts";
import { type Columns, lowest } from "./columns";
import type { SeriesSpec } from "./panes";
import type { ChartTheme } from "./theme";

/** A series as it was asked for, and what draws it. */
export type Drawn = { spec: SeriesSpec; api: ISeriesApi<SeriesType> };

/** A line at the least value of a series that asks for it. */
export function markLowest({ spec, api }: Drawn, columns: Columns, theme: ChartTheme): void {
  for (const line of api.priceLines()) api.removePriceLine(line);
  const price = spec.kind === "line" && spec.lowest ? lowest(columns, spec.key) : null;
  if (price !== null && spec.kind === "line")
    api.createPriceLine({ price, color: theme.muted, lineWidth: 1, lineStyle: LineStyle.Dotted, title: spec.lowest });
}
