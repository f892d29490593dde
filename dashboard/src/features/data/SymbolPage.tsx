import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { withFiner } from "@/charts/columns";
import { columnsOf } from "@/charts/columnsOf";
import type { PaneSpec } from "@/charts/panes";
import { bucketsFor, type Span, tileFor } from "@/charts/tiles";
import { compact } from "@/format/compact";
import { decimal } from "@/format/decimal";
import { buttonClass } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Facts } from "@/ui/Facts";
import { Loaded, Skeleton } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { ProblemNote } from "@/ui/ProblemNote";
import { When } from "@/ui/When";
import { Coverage } from "./Coverage";
import { Gravity } from "./Gravity";
import { barsQuery, type DataFinding, qualityQuery, type SeriesQuality } from "./queries";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));
const route = getRouteApi("/shell/data/$symbol");

/** What is stored of an instrument, drawn and judged. */
export function SymbolPage() {
  const { symbol } = route.useParams();
  const query = useQuery(qualityQuery(symbol));
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title={symbol}
        lead="What is stored of it."
        actions={
          <Link to="/runs/new" search={{ source: "store", symbols: symbol }} className={buttonClass("primary")}>
            New run
          </Link>
        }
      />
      <Loaded query={query} rows={10} waitingFor="the store">
        {(found) =>
          found.items.map((series) => <Series key={`${series.timeframe} ${series.adjustment}`} series={series} />)
        }
      </Loaded>
    </div>
  );
}

const whole = (value: number): string => decimal(value, 0);

function Series({ series }: { series: SeriesQuality }) {
  return (
    <Panel
      title={`${series.timeframe}, ${series.adjustment}`}
      note={<Gravity gravity={series.gravity} isChecked={series.checked} />}
    >
      <div className="flex min-w-0 flex-col gap-5">
        <Facts
          facts={[
            ["Coverage", <Coverage key="c" share={series.coverage} />],
            ["Bars", <Num key="r" value={series.rows} as={whole} />],
            ["Period", `${series.first.slice(0, 10)} to ${series.last.slice(0, 10)}`],
            ["Imported", <When key="i" at={series.imported_at} />],
            ["From", series.synthetic ? "made up" : series.source],
            ["Version", <code key="v">{series.version}</code>],
          ]}
        />
        <Bars series={series} />
        {series.findings.length > 0 && (
          <DataTable
            caption="What was found"
            columns={FINDINGS}
            rows={series.findings}
            rowKey={(each) => `${each.problem} ${each.sentence}`}
          />
        )}
      </div>
    </Panel>
  );
}

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

function Bars({ series }: { series: SeriesQuality }) {
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
  const isDaily = /\d(d|w|mo)$/.test(series.timeframe);
  return (
    <Suspense fallback={<Skeleton rows={10} waitingFor="the chart" />}>
      <PriceChart
        title={`${series.symbol} ${series.timeframe}`}
        summary={`${whole && series.rows.toLocaleString("en-US")} bars from ${series.first.slice(0, 10)} to ${series.last.slice(0, 10)}.`}
        columns={columns}
        panes={PANES}
        zone="UTC"
        isDaily={isDaily}
        height={360}
        onRange={look}
        isLog={isLog}
        onLog={setLog}
      />
    </Suspense>
  );
}

const FINDINGS: Column<DataFinding>[] = [
  { key: "problem", header: "Problem", card: "title", cell: (each) => each.problem.replaceAll("_", " ") },
  { key: "gravity", header: "Gravity", cell: (each) => <Gravity gravity={each.gravity} isChecked /> },
  { key: "count", header: "Count", align: "right", cell: (each) => <Num value={each.count} as={whole} /> },
  { key: "sentence", header: "What", cell: (each) => each.sentence },
  { key: "first", header: "First", card: "hidden", cell: (each) => <When at={each.first_at} /> },
  { key: "line", header: "Line", align: "right", card: "hidden", cell: (each) => each.line ?? "" },
];
