import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { withFiner } from "@/charts/columns";
import { columnsOf } from "@/charts/columnsOf";
import type { PaneSpec } from "@/charts/panes";
import { bucketsFor, type Span, tileFor } from "@/charts/tiles";
import { compact } from "@/format/compact";
import { Skeleton } from "@/ui/Loaded";
import { ProblemNote } from "@/ui/ProblemNote";
import { isDaily } from "./coverage";
import { barsQuery, type SeriesQuality } from "./queries";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));

const PANES: PaneSpec[] = [
  {
    key: "price",
    weight: 1,
    format: compact,
    mayBeLog: true,
    series: [
      { kind: "candles", key: "bars", label: "Price" },
      { kind: "volume", key: "bars", label: "Volume" },
    ],
  },
];

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** Stored bars, drawn; a finer picture comes where it is zoomed into. */
export function StoredBars({ series }: { series: SeriesQuality }) {
  const [view, look] = useState<Span | null>(null);
  const [isLog, setLog] = useState(false);
  const asked = {
    symbol: series.instrument,
    timeframe: series.timeframe,
    adjustment: series.adjustment,
    max_points: bucketsFor(Math.min(window.innerWidth, 1_600), window.devicePixelRatio),
  };
  const query = useQuery(barsQuery(asked));
  const coarse = useMemo(() => (query.data ? columnsOf(query.data) : null), [query.data]);
  const whole = coarse && { from: coarse.t[0] ?? 0, to: coarse.t.at(-1) ?? 0 };
  const tile = view && whole && !coarse.isRaw ? tileFor(view, whole) : null;
  const range = tile ? { from: iso(tile.from), to: iso(tile.to) } : {};
  const fine = useQuery({ ...barsQuery({ ...asked, ...range }), enabled: tile !== null }).data;
  const columns = useMemo(
    () => (coarse && tile && fine ? withFiner(coarse, columnsOf(fine)) : coarse),
    [coarse, tile, fine],
  );
  if (query.error) return <ProblemNote error={query.error} />;
  if (!columns) return <Skeleton rows={10} />;
  return (
    <Suspense fallback={<Skeleton rows={10} waitingFor="the chart" />}>
      <PriceChart
        title={`${series.symbol} ${series.timeframe}`}
        summary={`${whole && series.rows.toLocaleString("en-US")} bars from ${series.first.slice(0, 10)} to ${series.last.slice(0, 10)}.`}
        columns={columns}
        panes={PANES}
        zone="UTC"
        isDaily={isDaily(series.timeframe)}
        height={360}
        onRange={look}
        isLog={isLog}
        onLog={setLog}
      />
    </Suspense>
  );
}
