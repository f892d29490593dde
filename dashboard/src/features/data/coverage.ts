import { millis } from "@/format/time";
import type { DataFinding, SeriesQuality } from "./queries";

/** A stretch of a strip, as shares of its width; `isThin` where only some of it is meant. */
export type Mark = { from: number; to: number; isThin: boolean };

export type Lane = { key: string; label: string; count: number; marks: Mark[] };

const LANES = [
  ["gap", "Missing"],
  ["duplicate", "Duplicates"],
  ["refused", "Refused rows"],
  ["spike", "Spikes"],
  ["other", "Other doubts"],
] as const;
const LANE_OF: Record<string, (typeof LANES)[number][0]> = {
  gap: "gap",
  spike: "spike",
  duplicate: "duplicate",
  impossible: "refused",
  disorder: "refused",
  outside: "refused",
};

/** Whether bars are of whole sessions, so that their stamps are dates. */
export const isDaily = (timeframe: string): boolean => /\d(d|w|mo)$/.test(timeframe);

const DAY_MS = 86_400_000;
const laneOf = (finding: DataFinding): string => LANE_OF[finding.problem] ?? "other";

/** Findings of a series by kind, each where it lies between the first bar and the last. */
export function lanesOf(series: SeriesQuality): Lane[] {
  const first = millis(series.first_at) ?? 0;
  const bar = isDaily(series.timeframe) ? DAY_MS : 0;
  const whole = Math.max(1, (millis(series.last_at) ?? 0) + bar - first);
  const share = (at: number): number => Math.min(1, Math.max(0, (at - first) / whole));
  return LANES.map(([key, label]) => {
    const found = series.findings.filter((finding) => laneOf(finding) === key);
    const marks = found.flatMap((finding): Mark[] => {
      const [from, to] = [millis(finding.first_at), millis(finding.last_at)];
      if (from === null || to === null) return [];
      return [{ from: share(from), to: share(to + bar), isThin: finding.gravity === "notice" }];
    });
    return { key, label, count: found.reduce((sum, each) => sum + each.count, 0), marks: thinned(marks) };
  }).filter((lane) => lane.key === "gap" || lane.count > 0);
}

/** What holds others inside of it is many small ones told together: not all of it is meant. */
function thinned(marks: Mark[]): Mark[] {
  const holds = (outer: Mark, inner: Mark) => outer !== inner && outer.from < inner.from && outer.to > inner.to;
  return marks.map((mark) => (marks.some((each) => holds(mark, each)) ? { ...mark, isThin: true } : mark));
}
