import { type ChartOptions, ColorType, CrosshairMode, type DeepPartial } from "lightweight-charts";
import type { SeriesSpec } from "./panes";
import { type ChartTheme, DASHES } from "./theme";

/** How a chart behaves. Given once: to give them again would undo what was brought into view. */
export const BEHAVIOUR: DeepPartial<ChartOptions> = {
  autoSize: true,
  crosshair: { mode: CrosshairMode.Normal },
  rightPriceScale: { minimumWidth: 84 },
  timeScale: { enableConflation: true, minBarSpacing: 0.01, rightOffset: 2 },
  handleScroll: { vertTouchDrag: false },
};

/** Colours and grid of a chart. */
export function chartOptions(theme: ChartTheme): DeepPartial<ChartOptions> {
  return {
    layout: {
      background: { type: ColorType.Solid, color: theme.page },
      textColor: theme.muted,
      fontFamily: theme.font,
      fontSize: 12,
      attributionLogo: true,
      panes: { separatorColor: theme.line, separatorHoverColor: theme.surface, enableResize: true },
    },
    grid: { vertLines: { visible: false }, horzLines: { color: theme.line, style: 1 } },
    crosshair: {
      vertLine: { color: theme.border, labelBackgroundColor: theme.muted },
      horzLine: { color: theme.border, labelBackgroundColor: theme.muted },
    },
    rightPriceScale: { borderColor: theme.line },
    timeScale: { borderColor: theme.line },
  };
}

/** How a series is told from the others: colour, dash and label. */
export function seriesOptions(spec: SeriesSpec, theme: ChartTheme): Record<string, unknown> {
  if (spec.kind === "volume") return { priceLineVisible: false, lastValueVisible: false };
  if (spec.kind === "candles") {
    return {
      upColor: theme.page,
      downColor: theme.loss,
      borderUpColor: theme.gain,
      borderDownColor: theme.loss,
      wickUpColor: theme.gain,
      wickDownColor: theme.loss,
      priceLineVisible: false,
    };
  }
  const place = typeof spec.color === "number" ? spec.color : 0;
  const isBenchmark = spec.color === "benchmark";
  return {
    color: isBenchmark ? theme.muted : spec.color === "loss" ? theme.loss : theme.series[place],
    dash: isBenchmark ? DASHES[1] : DASHES[place],
    lineWidth: isBenchmark ? 1.5 : 2,
    base: spec.base ?? null,
    title: spec.label,
    priceLineVisible: false,
  };
}
