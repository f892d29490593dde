import {
  type CustomData,
  type CustomSeriesOptions,
  customSeriesDefaultOptions,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
} from "lightweight-charts";

type Target = Parameters<ICustomSeriesPaneRenderer["draw"]>[0];

/** A bucket of a line: its extremes and its last value. */
export interface RangePoint extends CustomData<Time> {
  min: number;
  max: number;
  last: number;
}

export interface RangeLineOptions extends CustomSeriesOptions {
  lineWidth: number;
  /** Lengths of strokes and spaces in pixels; empty for a solid line. */
  dash: number[];
  /** Value down to or up from which the area is filled, or null for none. */
  base: number | null;
}

type Drawn = PaneRendererCustomData<Time, RangePoint>;

/** A line that loses no extreme: a stroke from least to most in each bucket, and a line through the last values. */
export class RangeLine implements ICustomSeriesPaneView<Time, RangePoint, RangeLineOptions> {
  private data: Drawn | null = null;
  private options: RangeLineOptions | null = null;

  renderer(): ICustomSeriesPaneRenderer {
    return { draw: (target, converter) => this.draw(target, converter) };
  }

  update(data: Drawn, options: RangeLineOptions): void {
    this.data = data;
    this.options = options;
  }

  priceValueBuilder(point: RangePoint): number[] {
    return [point.min, point.max, point.last];
  }

  isWhitespace(point: Partial<RangePoint>): point is never {
    return point.last === undefined;
  }

  defaultOptions(): RangeLineOptions {
    return { ...customSeriesDefaultOptions, lineWidth: 2, dash: [], base: null };
  }

  conflationReducer(one: { data: RangePoint }, two: { data: RangePoint }): RangePoint {
    const { min, max } = one.data;
    return { ...two.data, min: Math.min(min, two.data.min), max: Math.max(max, two.data.max) };
  }

  private draw(target: Target, converter: PriceToCoordinateConverter): void {
    const { data, options } = this;
    const range = data?.visibleRange;
    if (!data || !options || !range) return;
    // Only what is in view has a place on the screen.
    const bars = data.bars.slice(range.from, range.to);
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the canvas library, not a hook
    target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio, bitmapSize }) => {
      const y = (value: number) => (converter(value) ?? 0) * verticalPixelRatio;
      const points = bars.map(({ x, originalData: at }) => ({
        x: x * horizontalPixelRatio,
        min: y(at.min),
        max: y(at.max),
        last: y(at.last),
      }));
      if (options.base !== null) fill(context, points, inside(y(options.base), bitmapSize.height), options.color);
      context.strokeStyle = options.color;
      context.lineJoin = "round";
      context.lineWidth = options.lineWidth * verticalPixelRatio;
      context.setLineDash(options.dash.map((length) => length * horizontalPixelRatio));
      strokeLasts(context, points);
      context.setLineDash([]);
      context.lineWidth = Math.max(1, horizontalPixelRatio);
      strokeExtremes(context, points);
    });
  }
}

type Point = { x: number; min: number; max: number; last: number };

function strokeLasts(context: CanvasRenderingContext2D, points: Point[]): void {
  context.beginPath();
  for (const { x, last } of points) context.lineTo(x, last);
  context.stroke();
}

function strokeExtremes(context: CanvasRenderingContext2D, points: Point[]): void {
  context.beginPath();
  for (const { x, min, max } of points) {
    if (min - max < 1) continue;
    context.moveTo(x, max);
    context.lineTo(x, min);
  }
  context.stroke();
}

/** A height on the pane; what lies outside of it is at its edge. */
function inside(y: number, height: number): number {
  return Number.isFinite(y) ? Math.min(height, Math.max(0, y)) : 0;
}

function fill(context: CanvasRenderingContext2D, points: Point[], base: number, color: string): void {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return;
  context.beginPath();
  context.moveTo(first.x, base);
  for (const { x, last: value } of points) context.lineTo(x, value);
  context.lineTo(last.x, base);
  context.closePath();
  context.globalAlpha = 0.14;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}
