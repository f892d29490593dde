import type {
  IChartApi,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from "lightweight-charts";
import { indexAt } from "./columns";
import type { TradeLine } from "./panes";
import type { ChartTheme } from "./theme";

type Renderer = { draw(target: { useBitmapCoordinateSpace<T>(run: (scope: Scope) => T): T }): void };
type Scope = {
  context: CanvasRenderingContext2D;
  horizontalPixelRatio: number;
  verticalPixelRatio: number;
  bitmapSize: { height: number };
};

/** Trades as lines from entry to exit, also where one end lies outside the view; the selected one stands out. */
export class TradeLines implements ISeriesPrimitive<Time> {
  private chart: IChartApi | null = null;
  private series: ISeriesApi<SeriesType> | null = null;
  private redraw: () => void = () => {};
  private trades: readonly TradeLine[] = [];
  private times: readonly number[] = [];
  private selected: number | null = null;
  private theme: ChartTheme;

  constructor(theme: ChartTheme) {
    this.theme = theme;
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.chart = chart as IChartApi;
    this.series = series as ISeriesApi<SeriesType>;
    this.redraw = requestUpdate;
  }

  set(trades: readonly TradeLine[], times: readonly number[], selected: number | null, theme: ChartTheme): void {
    Object.assign(this, { trades, times, selected, theme });
    this.redraw();
  }

  paneViews(): { renderer(): Renderer; zOrder(): "normal" }[] {
    return [
      {
        renderer: () => ({ draw: (target) => target.useBitmapCoordinateSpace((scope) => this.draw(scope)) }),
        zOrder: () => "normal",
      },
    ];
  }

  private x(at: number): number {
    return this.chart?.timeScale().logicalToCoordinate(indexAt(this.times, at) as never) ?? 0;
  }

  private draw({ context, horizontalPixelRatio: h, verticalPixelRatio: v, bitmapSize }: Scope): void {
    const end = this.times.at(-1) ?? 0;
    for (const trade of this.trades) {
      const from = this.x(trade.from) * h;
      const to = this.x(trade.to ?? end) * h;
      const isSelected = trade.number === this.selected;
      const [y1, y2] = [trade.entry, trade.exit ?? trade.entry].map(
        (price) => (this.series?.priceToCoordinate(price) ?? 0) * v,
      );
      if (isSelected) {
        context.globalAlpha = 0.12;
        context.fillStyle = this.theme.accent;
        context.fillRect(from - 3 * h, 0, to - from + 6 * h, bitmapSize.height);
      }
      context.globalAlpha = isSelected ? 1 : 0.75;
      context.strokeStyle = isSelected ? this.theme.accent : trade.isGain ? this.theme.gain : this.theme.loss;
      context.lineWidth = (isSelected ? 3 : 1.5) * v;
      context.setLineDash(trade.isGain ? [] : [4 * h, 3 * h]);
      context.beginPath();
      context.moveTo(from, y1 ?? 0);
      context.lineTo(to, y2 ?? 0);
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
}
