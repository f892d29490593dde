import { type AutoscaleInfo, type SeriesOptionsCommon, TickMarkType, type Time } from "lightweight-charts";
import { clock } from "@/format/time";
import type { PaneSpec } from "./panes";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Labels of the time axis in a zone; the data stays in UTC. */
export function tickLabels(zone: string): (time: Time, type: TickMarkType) => string {
  return (time, type) => {
    const found = clock(Number(time) * 1_000, zone, type === TickMarkType.TimeWithSeconds);
    if (!found) return "";
    const [year = "", month = "1", day = ""] = found[0].split("-");
    if (type === TickMarkType.Year) return year;
    if (type === TickMarkType.Month) return MONTHS[Number(month) - 1] ?? "";
    return type === TickMarkType.DayOfMonth ? String(Number(day)) : found[1];
  };
}

/** The crosshair's label in a zone: the date alone for daily data, else date and time of day. */
export function crosshairLabel(zone: string, isDaily: boolean): (time: Time) => string {
  return (time) => {
    const found = clock(Number(time) * 1_000, zone);
    if (!found) return "";
    return isDaily ? found[0] : `${found[0]} ${found[1]}`;
  };
}

type Format = PaneSpec["format"];

/** How a series has its values written beside it, and how much of them is in view. */
export function valueAxis(format: Format): Pick<SeriesOptionsCommon, "priceFormat" | "autoscaleInfoProvider"> {
  return {
    priceFormat: {
      type: "custom",
      formatter: (value: number) => format(value),
      tickmarksFormatter: (values: readonly number[]) => valueLabels(values, format),
      minMove: 1e-8,
    },
    autoscaleInfoProvider: (found: () => AutoscaleInfo | null) => wideEnough(found()),
  };
}

const MOST_DECIMALS_MORE = 8;

/** Labels of the axis of values: with as many more decimals as it takes to tell each from its neighbours. */
export function valueLabels(values: readonly number[], format: Format): string[] {
  for (let more = 0; ; more += 1) {
    const labels = values.map((value) => format(value, more));
    if (more === MOST_DECIMALS_MORE || new Set(labels).size === values.length) return labels;
  }
}

/** Of what is on the axis: a line that hardly moves is drawn as one, not as the noise of its last digits. */
const LEAST_SHARE = 1e-4;
const LEAST_AROUND_ZERO = 0.01;

/** What of the values is in view, widened about its middle where it is hardly anything. */
export function wideEnough(found: AutoscaleInfo | null): AutoscaleInfo | null {
  if (!found?.priceRange) return found;
  const { minValue, maxValue } = found.priceRange;
  const least = Math.max(Math.abs(minValue), Math.abs(maxValue)) * LEAST_SHARE || LEAST_AROUND_ZERO;
  const short = Math.max(0, least - (maxValue - minValue)) / 2;
  return { ...found, priceRange: { minValue: minValue - short, maxValue: maxValue + short } };
}
