import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { columnsOf } from "@/charts/columnsOf";
import type { Mark } from "@/charts/markers";
import type { Level, PaneSpec } from "@/charts/panes";
import { bucketsFor } from "@/charts/tiles";
import { compact } from "@/format/compact";
import { percent } from "@/format/percent";
import { quantity } from "@/format/price";
import { localZone, millis } from "@/format/time";
import { Loaded, Skeleton } from "@/ui/Loaded";
import { usePreferences } from "@/ui/preferences";
import { Toggles } from "@/ui/Toggles";
import {
  type SessionDetail,
  type SessionFill,
  type SessionOrder,
  sessionFillsQuery,
  sessionOrdersQuery,
  sessionSeriesQuery,
} from "./queries";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));

const OPEN = new Set<SessionOrder["status"]>(["sent", "acknowledged", "unknown"]);
const EXCHANGE = "America/New_York";

const PANES: PaneSpec[] = [
  {
    key: "price",
    weight: 3,
    format: compact,
    series: [
      { kind: "candles", key: "bars", label: "Price" },
      { kind: "volume", key: "bars", label: "Volume" },
    ],
  },
  {
    key: "equity",
    weight: 1.6,
    format: compact,
    series: [{ kind: "line", key: "equity", label: "Equity", color: 0 }],
  },
  {
    key: "drawdown",
    weight: 1,
    format: (value, more) => percent(value, { more }),
    series: [{ kind: "line", key: "drawdown", label: "Drawdown", color: "loss", base: 0 }],
  },
];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Bars with fills and working orders, equity and drawdown over one time axis. */
export function SessionChart({ session }: { session: SessionDetail }) {
  const [chosen, choose] = useState(session.symbols[0]);
  const query = useQuery({
    ...sessionSeriesQuery(session.id, chosen, bucketsFor(Math.min(window.innerWidth, 1_600), window.devicePixelRatio)),
    placeholderData: keepPreviousData,
  });
  const fills = useQuery(sessionFillsQuery(session.id)).data?.items;
  const orders = useQuery(sessionOrdersQuery(session.id)).data?.items;
  const { zone } = usePreferences();
  const columns = useMemo(() => (query.data ? columnsOf(query.data) : null), [query.data]);
  const marks = useMemo(() => (fills ?? []).filter(({ symbol }) => symbol === chosen).map(markOf), [fills, chosen]);
  const levels = useMemo(() => (orders ?? []).flatMap((order) => levelsOf(order, chosen)), [orders, chosen]);
  return (
    <section aria-label="Curves" className="min-w-0 rounded-md border border-line p-4">
      <Loaded query={query} rows={12} waitingFor="the curves">
        {() => (
          <Suspense fallback={<Skeleton rows={12} waitingFor="the chart" />}>
            <PriceChart
              title={chosen ?? "Equity"}
              summary={`${counted(marks.length, "fill")} and ${counted(levels.length, "working price")} of ${chosen} on its bars; below, equity and drawdown from the first decision on.`}
              columns={columns ?? { t: [], lines: {}, bars: {}, isRaw: true }}
              panes={PANES}
              zone={{ utc: "UTC", local: localZone(), exchange: EXCHANGE }[zone]}
              isDaily={false}
              height={460}
              marks={marks}
              levels={levels}
            >
              {session.symbols.length > 1 && (
                <Toggles label="Symbol" value={chosen ?? ""} choices={session.symbols} onChange={choose} />
              )}
            </PriceChart>
          </Suspense>
        )}
      </Loaded>
    </section>
  );
}

function markOf(fill: SessionFill): Mark {
  return { at: (millis(fill.at) ?? 0) / 1_000, side: fill.side, price: Number(fill.price), trade: null };
}

function levelsOf(order: SessionOrder, symbol: string | undefined): Level[] {
  if (order.symbol !== symbol || !OPEN.has(order.status)) return [];
  const price = order.limit ?? order.stop;
  return price === null ? [] : [{ price: Number(price), label: `${order.side} ${quantity(order.quantity)}` }];
}
