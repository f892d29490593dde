import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useId, useRef, useState } from "react";
import { ChartFrame, type ChartTable } from "./ChartFrame";
import { type ChartTheme, useChartTheme } from "./theme";

type Props = {
  title: string;
  summary: string;
  height: number;
  option: (theme: ChartTheme) => EChartsCoreOption;
  table: () => ChartTable;
  /** Called when the picture is drawn anew, for what is no part of its option. */
  after?: (chart: EChartsType) => void;
  onEvent?: Record<string, (event: unknown, chart: EChartsType) => void>;
  tools?: React.ReactNode;
};

/** A statistical picture; its library is loaded when the first one is shown. */
export function StatChart({ title, summary, height, option, table, after, onEvent, tools }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const theme = useChartTheme();
  const summaryId = useId();

  useEffect(() => {
    let made: EChartsType | null = null;
    let isGone = false;
    import("./echarts").then(({ init }) => {
      if (isGone || !place.current) return;
      made = init(place.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    chart?.setOption({ animation: false, ...option(theme) }, { notMerge: true });
  }, [chart, option, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another option or theme draws the picture anew
  useEffect(() => {
    if (chart) after?.(chart);
  }, [chart, after, option, theme]);

  useEffect(() => {
    if (!chart || !place.current) return;
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [chart]);

  useEffect(() => {
    if (!chart || !onEvent) return;
    for (const [name, act] of Object.entries(onEvent)) chart.on(name, (event) => act(event, chart));
    return () => {
      for (const name of Object.keys(onEvent)) chart.off(name);
    };
  }, [chart, onEvent]);

  return (
    <ChartFrame title={title} summary={summary} summaryId={summaryId} table={table} tools={tools}>
      <div
        ref={place}
        role="img"
        aria-label={title}
        aria-describedby={summaryId}
        style={{ height }}
        className="w-full"
      />
    </ChartFrame>
  );
}
