/** A line of a pane: which columns it draws and how it is told from the others. */
export type LineSpec = {
  kind: "line";
  key: string;
  label: string;
  /** Place in the series palette, or "benchmark" (muted, dashed) or "loss". */
  color: 0 | 1 | 2 | 3 | "benchmark" | "loss";
  /** Value from which the area is filled. */
  base?: number;
  /** What its least value is called; it is then marked with it. */
  lowest?: string;
};

/** Bars of a pane, hollow up and filled down. */
export type CandleSpec = { kind: "candles"; key: string; label: string };

/** Volume of bars, as columns. */
export type VolumeSpec = { kind: "volume"; key: string; label: string };

export type SeriesSpec = LineSpec | CandleSpec | VolumeSpec;

/** One pane of a chart; all panes share axis and crosshair. */
export type PaneSpec = {
  key: string;
  /** Share of the height. */
  weight: number;
  /** How values of this pane are written, with so many more decimals than usual. */
  format: (value: number, more?: number) => string;
  series: SeriesSpec[];
  /** Whether its values may stand on a logarithmic scale. */
  mayBeLog?: boolean;
};

/** A price at which an order works, as a line across the first pane. */
export type Level = { price: number; label: string };

/** A round trip or an open position, as a line from entry to exit. */
export type TradeLine = {
  number: number;
  /** Seconds since 1970 UTC. */
  from: number;
  /** None while it is open: it then runs to the last bar. */
  to: number | null;
  entry: number;
  exit: number | null;
  isGain: boolean;
};
