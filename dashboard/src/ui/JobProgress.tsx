import { decimal } from "@/format/decimal";
import { duration } from "@/format/duration";

export type Progress = {
  done: number;
  total: number | null;
  unit: string;
  rate: number | null;
  seconds_left: number | null;
};

const whole = (value: number): string => decimal(value, Number.isInteger(value) ? 0 : 1);
const pace = (value: number): string => decimal(value, value < 10 ? 1 : 0);

/** How far a job is: the bar, the counts, its rate and the time that is left. */
export function JobProgress({ progress, label }: { progress: Progress; label: string }) {
  const { done, total, unit, rate, seconds_left } = progress;
  const counts = total === null ? `${whole(done)} ${unit}` : `${whole(done)} of ${whole(total)} ${unit}`;
  return (
    <div className="flex min-w-40 flex-col gap-1">
      <progress
        aria-label={label}
        max={total ?? undefined}
        value={total === null ? undefined : Math.min(done, total)}
        className="progress h-1.5 w-full"
      />
      <div className="flex flex-wrap justify-between gap-x-3 text-muted text-sm tabular-nums">
        <span>{counts}</span>
        <span>
          {rate !== null && `${pace(rate)} ${unit}/s`}
          {seconds_left !== null && ` · ${duration(Math.ceil(seconds_left))} left`}
        </span>
      </div>
    </div>
  );
}
