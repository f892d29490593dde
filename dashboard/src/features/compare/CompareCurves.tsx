import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { columnsOf } from "@/charts/columnsOf";
import type { LineSpec, PaneSpec } from "@/charts/panes";
import { compact } from "@/format/compact";
import { Loaded, Skeleton } from "@/ui/Loaded";
import { curvesQuery } from "./queries";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));

const MOST_LINES = 4;

type Props = { ids: string[]; names: string[] };

/** Equity of each run over the common period, each begun at 100; more than four in small pictures of their own. */
export function CompareCurves({ ids, names }: Props) {
  const query = useQuery(curvesQuery(ids));
  const panes = useMemo(() => panesOf(names), [names]);
  return (
    <Loaded query={query} rows={10} waitingFor="the curves">
      {(found) => (
        <Suspense fallback={<Skeleton rows={10} waitingFor="the chart" />}>
          <Curves document={found} panes={panes} count={ids.length} />
        </Suspense>
      )}
    </Loaded>
  );
}

function Curves({
  document,
  panes,
  count,
}: {
  document: Parameters<typeof columnsOf>[0];
  panes: PaneSpec[];
  count: number;
}) {
  const [isLog, setLog] = useState(false);
  const columns = useMemo(() => columnsOf(document), [document]);
  if (!columns.t.length) return <p className="text-muted">The runs share no session, so no curve can be compared.</p>;
  return (
    <PriceChart
      title="Equity, first common close = 100"
      summary={`Equity of ${count} runs, each begun at 100 at the first close that all of them have; below, each less A, in points.`}
      columns={columns}
      panes={panes}
      zone="UTC"
      isDaily
      isLog={isLog}
      onLog={setLog}
      height={count > MOST_LINES ? 560 : 420}
    />
  );
}

function panesOf(names: string[]): PaneSpec[] {
  const lines = names.map(
    (name, index): LineSpec => ({
      kind: "line",
      key: String(index),
      label: name,
      color: (index % MOST_LINES) as LineSpec["color"],
    }),
  );
  const apart = lines
    .slice(1, MOST_LINES)
    .map((line) => ({ ...line, key: `difference_${line.key}`, label: `${line.label.slice(0, 1)} − A` }));
  const parts = [lines.slice(0, MOST_LINES), lines.slice(MOST_LINES)].filter((part) => part.length);
  const panes = parts.map(
    (series, index): PaneSpec => ({ key: String(index), weight: 2, format: compact, series, mayBeLog: true }),
  );
  return [...panes, { key: "difference", weight: 1.2, format: compact, series: apart }];
}
