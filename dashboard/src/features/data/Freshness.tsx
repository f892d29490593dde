import { decimal } from "@/format/decimal";
import { Missing } from "@/ui/MetricText";
import { StatusPill } from "@/ui/StatusPill";
import type { SeriesQuality } from "./queries";

/** How far the bars lie behind their market. */
export function Freshness({ series }: { series: Pick<SeriesQuality, "behind" | "calendar"> }) {
  const { behind, calendar } = series;
  if (behind === null) return <Missing reason={`nobody knows the sessions of ${calendar ?? "its market"} up to now`} />;
  if (behind === 0) return <StatusPill tone="ok" word="up to date" />;
  return (
    <StatusPill
      tone="notice"
      word={`${behind === 1 ? "1 session" : `${decimal(behind, 0)} sessions`} behind ${calendar}`}
    />
  );
}
