import type { EChartsType } from "echarts/core";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { ChartTable } from "./ChartFrame";
import { type ParallelData, parallelOption, type Range, withRange } from "./parallel";
import { StatChart } from "./StatChart";
import type { ChartTheme } from "./theme";

type Props = {
  data: ParallelData;
  summary: string;
  ranges: readonly Range[];
  onRanges: (ranges: Range[]) => void;
};

const SETTLED_MS = 200;

type Selected = { parallelAxisId?: string; intervals?: [number, number][] };

/** Every trial as a line; a stretch drawn on an axis keeps those that run through it. */
export function ParallelPlot({ data, summary, ranges, onRanges }: Props) {
  const latest = useRef({ ranges, onRanges });
  latest.current = { ranges, onRanges };
  const option = useCallback(
    (theme: ChartTheme) => parallelOption(data, theme, document.documentElement.dataset.theme !== "dark"),
    [data],
  );
  const text = JSON.stringify(ranges);
  const sent = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const after = useCallback(
    (chart: EChartsType) => {
      const isOwn = sent.current === text;
      sent.current = null;
      if (isOwn) return;
      const kept = JSON.parse(text) as Range[];
      for (const { name } of data.axes) {
        const range = kept.find((each) => each.name === name);
        const intervals = range ? [[range.low, range.high]] : [];
        chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: name, intervals }, { silent: true });
      }
    },
    [data, text],
  );
  const onEvent = useMemo(
    () => ({
      axisareaselected: (event: unknown) => {
        const { parallelAxisId: name, intervals = [] } = event as Selected;
        if (!name) return;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          const next = withRange(latest.current.ranges, name, intervals).map(rounded);
          sent.current = JSON.stringify(next);
          latest.current.onRanges(next);
        }, SETTLED_MS);
      },
    }),
    [],
  );
  return (
    <StatChart
      title="Every trial"
      summary={summary}
      height={320}
      option={option}
      after={after}
      table={() => tableOf(data)}
      onEvent={onEvent}
    />
  );
}

function rounded({ name, low, high }: Range): Range {
  return { name, low: Number(low.toPrecision(6)), high: Number(high.toPrecision(6)) };
}

const MOST_ROWS = 200;

function tableOf({ axes, trials, rows }: ParallelData): ChartTable {
  const cell = (value: number | null, axis: ParallelData["axes"][number] | undefined) =>
    value === null
      ? "n/a"
      : (axis?.categories?.[value] ?? value.toLocaleString("en-US", { maximumSignificantDigits: 5 }));
  return {
    head: ["Trial", ...axes.map(({ label }) => label)],
    rows: rows
      .slice(0, MOST_ROWS)
      .map((row, at) => [String(trials[at]), ...row.map((value, place) => cell(value, axes[place]))]),
    note: rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${rows.length} lines.` : undefined,
  };
}
