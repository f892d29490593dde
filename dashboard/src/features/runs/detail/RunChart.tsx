import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import type { PaneSpec } from "@/charts/panes";
import type { Span } from "@/charts/tiles";
import { compact } from "@/format/compact";
import { percent } from "@/format/percent";
import { INPUT } from "@/ui/Field";
import { Skeleton } from "@/ui/Loaded";
import { ProblemNote } from "@/ui/ProblemNote";
import type { RunDetail } from "../queries";
import { IndicatorMenu } from "./IndicatorMenu";
import { indicatorsOf, withIndicators } from "./indicators";
import type { ChangeSearch } from "./RunPage";
import type { RunSearch } from "./search";
import { TradeSteps } from "./TradeSteps";
import { useChartZone } from "./useChartZone";
import { useMarkedTrades } from "./useMarkedTrades";
import { useSeries } from "./useSeries";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

const RESTED_MS = 120;
const KEPT_MS = 280;

/** Price with trades, equity with benchmark, and drawdown over one time axis. */
export function RunChart({ run, search, change }: Props) {
  const symbol = search.symbol && run.symbols.includes(search.symbol) ? search.symbol : run.symbols[0];
  const isDaily = /\d(d|w|mo)$/.test(run.timeframe);
  const zone = useChartZone(run, isDaily);
  const range = search.from && search.to ? { from: search.from, to: search.to } : null;
  // Of a walk-forward the out-of-sample curve leads, and nothing beside it.
  const isWalk = Boolean(run.walk_forward);
  const indicators = indicatorsOf(search.lines);
  const asked = indicators.join(",");
  const { columns, error, absence, refused, view, look } = useSeries(run.id, symbol, range, isWalk ? null : asked);
  const { marks, lines, note } = useMarkedTrades(run, symbol, view, search.trade);
  const hasBars = !isWalk && Boolean(columns && Object.keys(columns.bars).length);
  const panes = useMemo(() => withIndicators(panesOf(hasBars), hasBars ? indicatorsOf(asked) : []), [hasBars, asked]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  if (error) return <ProblemNote error={error} />;
  if (!columns) return <Skeleton rows={14} waitingFor="the curves" />;
  const whole = { from: columns.t[0] ?? 0, to: columns.t.at(-1) ?? 0 };
  const onRange = (span: Span) => {
    clearTimeout(timer.current);
    const isWhole = span.from <= whole.from && span.to >= whole.to;
    // What goes by is not asked for; where it comes to rest it is, and stands in the address a little later.
    timer.current = setTimeout(() => {
      look(span);
      timer.current = setTimeout(
        () => change({ from: isWhole ? undefined : span.from, to: isWhole ? undefined : span.to }),
        KEPT_MS,
      );
    }, RESTED_MS);
  };
  const onPick = (at: number) => {
    const found = lines.find((line) => line.from <= at && (line.to ?? whole.to) >= at) ?? nearest(lines, at);
    if (found) change({ trade: found.number, tab: undefined, sort: undefined, page: undefined });
  };
  return (
    <section aria-label="Curves" className="min-w-0">
      {refused ? <ProblemNote error={refused} /> : null}
      <Suspense fallback={<Skeleton rows={14} waitingFor="the chart" />}>
        <PriceChart
          title={
            hasBars
              ? `${symbol}, equity and drawdown`
              : `Equity and drawdown${run.walk_forward ? ", out of sample" : ""}`
          }
          summary={summaryOf(run, [absence, note])}
          columns={columns}
          panes={panes}
          zone={zone}
          isDaily={isDaily}
          height={hasBars ? 540 + 90 * (panes.length - 3) : 360}
          marks={hasBars ? marks : undefined}
          trades={hasBars ? lines : undefined}
          selected={search.trade ?? null}
          range={range}
          onRange={onRange}
          onPick={onPick}
          isLog={search.log ?? false}
          onLog={(log) => change({ log: log || undefined })}
        >
          <TradeSteps run={run} trade={search.trade} change={change} />
          <SymbolChoice run={run} symbol={symbol} change={change} />
          {hasBars && <IndicatorMenu lines={search.lines} onChange={(lines) => change({ lines })} />}
        </PriceChart>
      </Suspense>
    </section>
  );
}

function nearest<T extends { from: number; to: number | null }>(lines: readonly T[], at: number): T | undefined {
  const away = (line: T) => Math.min(Math.abs(line.from - at), Math.abs((line.to ?? line.from) - at));
  return lines.reduce<T | undefined>((best, line) => (!best || away(line) < away(best) ? line : best), undefined);
}

function panesOf(hasBars: boolean): PaneSpec[] {
  const price: PaneSpec = {
    key: "price",
    weight: 3,
    mayBeLog: true,
    format: compact,
    series: [
      { kind: "candles", key: "bars", label: "Price" },
      { kind: "volume", key: "bars", label: "Volume" },
    ],
  };
  const curves: PaneSpec[] = [
    {
      key: "equity",
      weight: 2.2,
      mayBeLog: true,
      format: compact,
      series: [
        { kind: "line", key: "equity", label: "Equity", color: 0 },
        { kind: "line", key: "benchmark", label: "Benchmark", color: "benchmark" },
      ],
    },
    {
      key: "drawdown",
      weight: 1.2,
      format: (value, more) => percent(value, { more }),
      series: [{ kind: "line", key: "drawdown", label: "Drawdown", color: "loss", base: 0, lowest: "deepest" }],
    },
  ];
  return hasBars ? [price, ...curves] : curves;
}

function summaryOf(run: RunDetail, notes: (string | null)[]): string {
  const said = (key: string) => run.headline.find((metric) => metric.key === key)?.text ?? "n/a";
  const first = `From ${run.first} to ${run.last}: return ${said("total_return")}, deepest drawdown ${said("max_drawdown")}, benchmark ${said("benchmark_return")}, ${said("trades")} trades.`;
  return [first, ...notes].filter(Boolean).join(" ");
}

function SymbolChoice({ run, symbol, change }: { run: RunDetail; symbol: string | undefined; change: ChangeSearch }) {
  if (run.symbols.length < 2) return null;
  return (
    <label className="flex items-center gap-2 text-muted text-sm">
      Symbol
      <select
        className={`${INPUT} w-auto! pr-7 text-text`}
        value={symbol}
        onChange={(event) => change({ symbol: event.target.value })}
      >
        {run.symbols.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}
