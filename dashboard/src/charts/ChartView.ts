import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type MouseEventParams,
  PriceScaleMode,
  type SeriesMarker,
  type SeriesType,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { crosshairLabel, tickLabels, valueAxis } from "./axis";
import { type Columns, indexAt } from "./columns";
import { BEHAVIOUR, chartOptions, seriesOptions } from "./looks";
import { type Drawn, markLowest } from "./lowestLine";
import { type Mark, MOST_MARKS, marksInView, stacked } from "./markers";
import type { Level, PaneSpec, SeriesSpec, TradeLine } from "./panes";
import { pointsOf } from "./points";
import { RangeLine, type RangeLineOptions, type RangePoint } from "./RangeLine";
import { TradeLines } from "./TradeLines";
import type { ChartTheme } from "./theme";
import type { Span } from "./tiles";

type Listeners = {
  onRange: (span: Span) => void;
  onPick: (at: number) => void;
  onHover: (index: number | null) => void;
};

const afterTwoFrames = (run: () => void): void => {
  requestAnimationFrame(() => requestAnimationFrame(run));
};

/** Above so many marks each is drawn smaller. */
const CROWD = 80;

/** One chart with panes over one array of times; the only user of the chart library. */
export class ChartView {
  private readonly chart: IChartApi;
  private drawn: Drawn[] = [];
  private layout = "";
  private times: number[] = [];
  private markers: ISeriesMarkersPluginApi<Time> | null = null;
  private lines: TradeLines | null = null;
  private marks: readonly Mark[] = [];
  private levels: readonly Level[] = [];
  private levelLines: IPriceLine[] = [];
  private trades: readonly TradeLine[] = [];
  private selected: number | null = null;
  private theme: ChartTheme;
  private isQuiet = false;
  private isGone = false;
  private isHeld = false;
  /** What was to be in view, until somebody moves it: what is drawn coarsely at first cannot show it exactly. */
  private wanted: Span | null = null;
  /** Say what is in view after somebody moved it, whatever is drawn anew in that moment. */
  private readonly tell: () => void;

  constructor(element: HTMLElement, theme: ChartTheme, listeners: Listeners) {
    this.theme = theme;
    // Its size at once: what is brought into view before the first measuring would be forgotten.
    this.chart = createChart(element, {
      ...BEHAVIOUR,
      width: element.clientWidth,
      height: element.clientHeight,
    });
    this.chart.applyOptions(chartOptions(theme));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(() => {
      if (this.isHeld) this.wanted = null;
      this.drawMarks();
      const span = this.view();
      if (span && !this.isQuiet && !this.wanted) listeners.onRange(span);
    });
    this.tell = () =>
      afterTwoFrames(() => {
        const span = this.isGone ? null : (this.wanted ?? this.view());
        if (span) listeners.onRange(span);
      });
    this.feel(element);
    this.chart.subscribeClick(
      (event: MouseEventParams) => event.time !== undefined && listeners.onPick(Number(event.time)),
    );
    this.chart.subscribeCrosshairMove((event: MouseEventParams) => {
      listeners.onHover(event.time === undefined ? null : indexAt(this.times, Number(event.time)));
    });
  }

  /** Draw these columns in these panes; what is in view stays in view. */
  show(columns: Columns, panes: PaneSpec[]): void {
    const view = this.times.length ? (this.wanted ?? this.view()) : null;
    const layout = JSON.stringify(panes);
    if (layout !== this.layout) this.build(panes);
    this.layout = layout;
    this.times = columns.t;
    this.quietly(() => {
      for (const drawn of this.drawn) {
        drawn.api.setData(pointsOf(columns, drawn.spec, this.theme) as never);
        markLowest(drawn, columns, this.theme);
      }
      if (view) this.bring(view);
      else this.chart.timeScale().fitContent();
    });
    this.drawMarks();
  }

  /** Colours and zone of the labels. */
  dress(theme: ChartTheme, zone: string, isDaily: boolean): void {
    this.theme = theme;
    this.chart.applyOptions(chartOptions(theme));
    this.chart.applyOptions({
      localization: { timeFormatter: crosshairLabel(zone, isDaily) },
      timeScale: { tickMarkFormatter: tickLabels(zone), timeVisible: !isDaily },
    });
    for (const { spec, api } of this.drawn) api.applyOptions(seriesOptions(spec, theme) as never);
    this.drawMarks();
  }

  /** Mark fills and trades on the first pane. */
  mark(marks: readonly Mark[], trades: readonly TradeLine[], selected: number | null): void {
    Object.assign(this, { marks, trades, selected });
    this.drawMarks();
  }

  /** Draw the prices at which orders work across the first pane. */
  level(levels: readonly Level[]): void {
    this.levels = levels;
    const series = this.drawn[0]?.api;
    for (const line of this.levelLines) series?.removePriceLine(line);
    this.levelLines = levels.flatMap(({ price, label }) => {
      const looks = {
        price,
        title: label,
        color: this.theme.accent,
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
      } as const;
      return series ? [series.createPriceLine({ ...looks, axisLabelVisible: true })] : [];
    });
  }

  /** Bring a stretch of time into view. */
  look(span: Span): void {
    this.wanted = span;
    this.bring(span);
  }

  /** Whether prices and equity stand on a logarithmic scale. */
  scale(panes: PaneSpec[], isLog: boolean): void {
    for (const [index, pane] of panes.entries()) {
      const mode = isLog && pane.mayBeLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
      this.chart.priceScale("right", index).applyOptions({ mode });
    }
  }

  /** Everything into view. */
  fit(): void {
    this.wanted = null;
    this.chart.timeScale().fitContent();
    this.tell();
  }

  /** See more (below 1) or less (above 1) around the middle. */
  zoom(factor: number): void {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    const middle = (range.from + range.to) / 2;
    const half = Math.max(2, (range.to - range.from) / 2 / factor);
    this.wanted = null;
    this.chart.timeScale().setVisibleLogicalRange({ from: middle - half, to: middle + half });
    this.tell();
  }

  /** Move the view, without changing what it spans, until a stretch is inside. */
  reveal(span: Span): void {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    // Until the first picture stands everything is about to be in view.
    if (!range || !this.times.length || this.isQuiet) return;
    const [from, to] = [indexAt(this.times, span.from), indexAt(this.times, span.to)];
    if (from >= range.from && to <= range.to) return;
    const half = (range.to - range.from) / 2;
    const middle = to - from > 2 * half ? from + half * 0.9 : (from + to) / 2;
    this.wanted = null;
    this.chart.timeScale().setVisibleLogicalRange({ from: middle - half, to: middle + half });
  }

  /** What is in view, in seconds since 1970. */
  view(): Span | null {
    const range = this.chart.timeScale().getVisibleRange();
    return range ? { from: Number(range.from), to: Number(range.to) } : null;
  }

  destroy(): void {
    this.isGone = true;
    this.chart.remove();
  }

  private bring(span: Span): void {
    this.chart.timeScale().setVisibleRange({ from: span.from as UTCTimestamp, to: span.to as UTCTimestamp });
  }

  /** Hear of a hand that moves it: by the wheel at once, by dragging when the view follows. */
  private feel(element: HTMLElement): void {
    const hear = (act: string, run: () => void) => element.addEventListener(act, run, { passive: true });
    hear("wheel", () => {
      this.wanted = null;
      this.tell();
    });
    hear("pointerdown", () => {
      this.isHeld = true;
    });
    for (const act of ["pointerup", "pointercancel"])
      hear(act, () => {
        this.isHeld = false;
        this.tell();
      });
  }

  private quietly(run: () => void): void {
    this.isQuiet = true;
    run();
    // The library tells of a new range in the next frame.
    afterTwoFrames(() => (this.isQuiet = false));
  }

  private build(panes: PaneSpec[]): void {
    for (const { api } of this.drawn) this.chart.removeSeries(api);
    this.drawn = [];
    this.markers = null;
    panes.forEach((pane, index) => {
      for (const spec of pane.series) this.drawn.push({ spec, api: this.add(spec, pane, index) });
    });
    for (const [index, pane] of this.chart.panes().entries()) pane.setStretchFactor(panes[index]?.weight ?? 1);
    const first = this.drawn[0];
    if (!first) return;
    this.lines = new TradeLines(this.theme);
    first.api.attachPrimitive(this.lines);
    this.markers = createSeriesMarkers(first.api, [], { autoScale: false });
    this.levelLines = [];
    this.level(this.levels);
  }

  private add(spec: SeriesSpec, pane: PaneSpec, index: number): ISeriesApi<SeriesType> {
    const options = { ...seriesOptions(spec, this.theme), ...valueAxis(pane.format) };
    if (spec.kind === "candles") return this.chart.addSeries(CandlestickSeries, options, index);
    if (spec.kind === "line")
      return this.chart.addCustomSeries<RangePoint, RangeLineOptions>(new RangeLine(), options, index) as never;
    const volume = this.chart.addSeries(HistogramSeries, { ...options, priceScaleId: "volume" }, index);
    volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    return volume;
  }

  private drawMarks(): void {
    if (!this.markers) return;
    const view = this.view();
    const place = (at: number) => indexAt(this.times, at);
    // The selected trade's marks come first, so that a stack takes their looks.
    const chosen = (mark: Mark) => Number(mark.trade === this.selected);
    const drawn = stacked(
      marksInView(this.marks, view).sort((a, b) => chosen(b) - chosen(a)),
      place,
    ).sort((a, b) => a.at - b.at);
    this.markers.setMarkers(drawn.map((mark) => this.marker(mark, drawn.length > CROWD ? 0.4 : 0.8)));
    const shown = this.trades.filter((trade) => !view || (trade.from <= view.to && (trade.to ?? view.to) >= view.from));
    this.lines?.set(
      shown.length > MOST_MARKS ? shown.filter((trade) => trade.number === this.selected) : shown,
      this.times,
      this.selected,
      this.theme,
    );
  }

  private marker({ at, side, count, trade }: ReturnType<typeof marksInView>[number], size: number): SeriesMarker<Time> {
    const isBuy = side === "buy";
    const isSelected = trade !== null && trade === this.selected;
    const time = (this.times[indexAt(this.times, at)] ?? at) as UTCTimestamp;
    return {
      time,
      position: isBuy ? "belowBar" : "aboveBar",
      shape: isBuy ? "arrowUp" : "arrowDown",
      color: isSelected ? this.theme.accent : this.theme.text,
      size: isSelected ? 1.5 : size,
      ...(count > 1 ? { text: String(count) } : {}),
    };
  }
}
