import { decimal } from "@/format/decimal";
import { percent } from "@/format/percent";
import { type Lane, lanesOf, type Mark } from "./coverage";
import type { SeriesQuality } from "./queries";

const whole = (value: number): string => decimal(value, 0);

/** Where bars are missing or doubtful, from the first to the last: a picture with its sentence; the table is below. */
export function CoverageStrip({ series }: { series: SeriesQuality }) {
  const lanes = lanesOf(series);
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="text-muted text-sm">{sentenceOf(series, lanes)}</figcaption>
      {lanes.map((lane) => (
        <div key={lane.key} className="grid grid-cols-[7.5rem_minmax(0,1fr)] items-center gap-2 text-sm">
          <span>
            {lane.label} <span className="text-muted tabular-nums">{whole(lane.count)}</span>
          </span>
          <Strip lane={lane} />
        </div>
      ))}
      <div className="ml-32 flex justify-between text-muted text-sm tabular-nums">
        <span>{series.first.slice(0, 10)}</span>
        <span>{series.last.slice(0, 10)}</span>
      </div>
    </figure>
  );
}

function Strip({ lane }: { lane: Lane }) {
  const isGaps = lane.key === "gap";
  return (
    <div
      role="img"
      aria-label={`${lane.label}: ${whole(lane.count)}, in ${lane.marks.length} places`}
      className={`relative overflow-hidden rounded-sm ${isGaps ? "h-6 bg-accent" : "h-4 bg-surface"}`}
    >
      {lane.marks.map((mark) => (
        <span
          key={`${mark.from} ${mark.to}`}
          className={`absolute inset-y-0 min-w-[3px] ${lookOf(mark, isGaps)}`}
          style={{ left: `${mark.from * 100}%`, width: `${(mark.to - mark.from) * 100}%` }}
        />
      ))}
    </div>
  );
}

function lookOf({ isThin }: Mark, isGaps: boolean): string {
  if (isGaps) return isThin ? "absent opacity-35" : "absent";
  return isThin ? "bg-muted opacity-35" : "bg-text";
}

function sentenceOf({ coverage, rows, expected_rows, calendar, version }: SeriesQuality, lanes: Lane[]): string {
  const missing = lanes.find((lane) => lane.key === "gap")?.count ?? 0;
  const share =
    coverage === null || expected_rows === null
      ? `${whole(rows)} bars; how many there should be is not known`
      : `${whole(rows)} of ${whole(expected_rows)} bars of ${calendar ?? "its market"} are there (${percent(coverage)})`;
  return `${share}; ${missing ? `${whole(missing)} are missing where it is hatched` : "none is missing"}. Version ${version.slice(0, 12)}.`;
}
