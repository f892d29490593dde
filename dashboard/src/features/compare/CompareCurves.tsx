import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
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
  const columns = useMemo(() => columnsOf(document), [document]);
  if (!columns.t.length) return <p className="text-muted">The runs share no session, so no curve can be compared.</p>;
  return (
    <PriceChart
      title="Equity, first common close = 100"
      summary={`Equity of ${count} runs, each begun at 100 at the first close that all of them have.`}
      columns={columns}
      panes={panes}
      zone="UTC"
      isDaily
      height={count > MOST_LINES ? 120 * Math.ceil(count / MOST_LINES) + 240 : 320}
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
  const parts = [lines.slice(0, MOST_LINES), lines.slice(MOST_LINES)].filter((part) => part.length);
  return parts.map((series, index) => ({ key: String(index), weight: 1, format: compact, series }));
}
