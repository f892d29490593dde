import { useCallback, useMemo } from "react";
import type { ChartTable } from "./ChartFrame";
import { type HeatMapData, heatMapOption } from "./heatMap";
import { StatChart } from "./StatChart";
import type { ChartTheme } from "./theme";

type Props = {
  data: HeatMapData;
  summary: string;
  /** Called with the number of the best trial of a cell. */
  onPick?: (trial: number) => void;
  tools?: React.ReactNode;
};

const [LEAST, MOST, ROW] = [300, 620, 26];

/** Trials over two parameters as colours. */
export function HeatMap({ data, summary, onPick, tools }: Props) {
  const option = useCallback((theme: ChartTheme) => heatMapOption(data, theme), [data]);
  const onEvent = useMemo(
    () => ({
      click: (event: unknown) => {
        const at = (event as { data?: { at?: number } }).data?.at;
        const trial = at === undefined ? null : data.cells.best[at];
        if (trial !== null && trial !== undefined) onPick?.(trial);
      },
    }),
    [data, onPick],
  );
  return (
    <StatChart
      title={`${data.value.label} over ${data.x.name} and ${data.y.name}`}
      summary={summary}
      height={Math.min(MOST, Math.max(LEAST, data.y.labels.length * ROW + 110))}
      option={option}
      table={() => tableOf(data)}
      onEvent={onEvent}
      tools={tools}
    />
  );
}

const MOST_ROWS = 500;

function tableOf(data: HeatMapData): ChartTable {
  const { cells, x, y } = data;
  const rows = cells.x
    .slice(0, MOST_ROWS)
    .map((across, at) => [
      `${x.name} ${x.labels[across]}, ${y.name} ${y.labels[cells.y[at] ?? 0]}`,
      cells.text[at] ?? "",
      String(cells.trials[at]),
      cells.few_trades[at] ? "fewer than 30" : "",
    ]);
  return {
    head: ["Cell", data.value.label, "Trials", "Trades"],
    rows,
    note: cells.x.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${cells.x.length} cells.` : undefined,
  };
}
