import { TickMarkType, type Time } from "lightweight-charts";
import { clock } from "@/format/time";

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
