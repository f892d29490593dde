import { localZone } from "@/format/time";
import { usePreferences } from "@/ui/preferences";
import type { RunDetail } from "../queries";

/** The zone that a chart's labels are in; the dates of sessions are dates, in no zone. */
export function useChartZone(run: RunDetail, isDaily: boolean): string {
  const { zone } = usePreferences();
  if (isDaily || zone === "utc") return "UTC";
  return zone === "local" ? localZone() : run.zone;
}
