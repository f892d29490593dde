import { type Columns, lowest } from "./columns";
import type { PaneSpec, SeriesSpec } from "./panes";
import { labelAt, valueAt } from "./tableOf";
import { DASHES } from "./theme";

type Props = { columns: Columns; panes: PaneSpec[]; index: number | null; zone: string; isDaily: boolean };

/** Which line is which, with its value under the crosshair, or the last one. */
export function Legend({ columns, panes, index, zone, isDaily }: Props) {
  const at = index ?? columns.t.length - 1;
  return (
    <ul className="flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-sm tabular-nums" aria-hidden="true">
      <li className="text-muted">{labelAt(columns.t[at], zone, isDaily)}</li>
      {panes.flatMap((pane) =>
        pane.series.map((spec) => (
          <li key={`${pane.key} ${spec.kind} ${spec.key}`} className="flex items-center gap-1.5">
            <Swatch spec={spec} />
            <span className="text-muted">{spec.label}</span>
            <span>{textAt(columns, spec, at, pane.format)}</span>
            {spec.kind === "line" && spec.lowest && (
              <span className="text-muted">
                {spec.lowest} {pane.format(lowest(columns, spec.key) ?? 0)}
              </span>
            )}
          </li>
        )),
      )}
    </ul>
  );
}

function textAt(columns: Columns, spec: SeriesSpec, at: number, format: (value: number) => string): string {
  const value = valueAt(columns, spec, at);
  return value === null ? "n/a" : format(value);
}

function Swatch({ spec }: { spec: SeriesSpec }) {
  if (spec.kind !== "line") return <span className="h-3 w-2 border border-gain" />;
  const isBenchmark = spec.color === "benchmark";
  const name = isBenchmark ? "muted" : spec.color === "loss" ? "loss" : `series-${Number(spec.color) + 1}`;
  const dash = isBenchmark ? DASHES[1] : DASHES[typeof spec.color === "number" ? spec.color : 0];
  return (
    <svg width="22" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="22"
        y1="4"
        y2="4"
        stroke={`var(--color-${name})`}
        strokeWidth="2"
        strokeDasharray={dash?.join(" ")}
      />
    </svg>
  );
}
