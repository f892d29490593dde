import { useEffect, useId, useRef, useState } from "react";
import { type ChartControls, ChartFrame } from "./ChartFrame";
import { ChartView } from "./ChartView";
import type { Columns } from "./columns";
import { Legend } from "./Legend";
import type { Mark } from "./markers";
import type { Level, PaneSpec, TradeLine } from "./panes";
import { tableOf } from "./tableOf";
import { useChartTheme } from "./theme";
import type { Span } from "./tiles";

export type PriceChartProps = {
  title: string;
  /** One sentence that says what the picture shows. */
  summary: string;
  columns: Columns;
  panes: PaneSpec[];
  zone: string;
  isDaily: boolean;
  height: number;
  marks?: readonly Mark[];
  trades?: readonly TradeLine[];
  levels?: readonly Level[];
  selected?: number | null;
  range?: Span | null;
  onRange?: (span: Span) => void;
  onPick?: (at: number) => void;
  isLog?: boolean;
  onLog?: (isLog: boolean) => void;
  children?: React.ReactNode;
};

const NONE: never[] = [];

/** Price, equity and drawdown over one time axis; with a summary in words and the same numbers as a table. */
export function PriceChart(props: PriceChartProps) {
  const {
    columns,
    panes,
    zone,
    isDaily,
    marks = NONE,
    trades = NONE,
    levels = NONE,
    selected = null,
    range = null,
    isLog = false,
  } = props;
  const place = useRef<HTMLElement>(null);
  const [view, setView] = useState<ChartView | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const theme = useChartTheme();
  const latest = useRef(props);
  latest.current = props;
  const first = useRef({ theme, range });
  const summary = useId();

  useEffect(() => {
    if (!place.current) return;
    const made = new ChartView(place.current, first.current.theme, {
      onRange: (span) => latest.current.onRange?.(span),
      onPick: (at) => latest.current.onPick?.(at),
      onHover: setHovered,
    });
    setView(made);
    return () => made.destroy();
  }, []);

  useEffect(() => view?.show(columns, panes), [view, columns, panes]);
  useEffect(() => view?.scale(panes, isLog), [view, panes, isLog]);
  useEffect(() => view?.dress(theme, zone, isDaily), [view, theme, zone, isDaily]);
  useEffect(() => view?.mark(marks, trades, selected), [view, marks, trades, selected]);
  useEffect(() => view?.level(levels), [view, levels]);
  useEffect(() => {
    if (view && first.current.range) view.look(first.current.range);
  }, [view]);
  useEffect(() => {
    const trade = trades.find((each) => each.number === selected);
    if (trade) view?.reveal({ from: trade.from, to: trade.to ?? columns.t.at(-1) ?? trade.from });
  }, [view, trades, selected, columns]);

  const controls: ChartControls = { zoom: (factor) => view?.zoom(factor), fit: () => view?.fit() };
  return (
    <ChartFrame
      title={props.title}
      summary={props.summary}
      summaryId={summary}
      controls={controls}
      table={() => tableOf(columns, panes, zone, isDaily)}
      tools={
        <>
          {props.children}
          {props.onLog && <LogSwitch isLog={isLog} onLog={props.onLog} />}
        </>
      }
    >
      <Legend columns={columns} panes={panes} index={hovered} zone={zone} isDaily={isDaily} />
      <section
        ref={place}
        aria-label={props.title}
        aria-describedby={summary}
        aria-busy={view === null}
        style={{ height: props.height }}
        className="w-full"
      />
    </ChartFrame>
  );
}

function LogSwitch({ isLog, onLog }: { isLog: boolean; onLog: (isLog: boolean) => void }) {
  return (
    <button
      type="button"
      className="target rounded-md border border-line px-2 text-sm hover:bg-surface aria-pressed:border-accent aria-pressed:text-accent"
      aria-pressed={isLog}
      title="Logarithmic scale: equal steps are equal percentages"
      onClick={() => onLog(!isLog)}
    >
      Log
    </button>
  );
}
