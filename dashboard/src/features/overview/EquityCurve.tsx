import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { columnsOf } from "@/charts/columnsOf";
import type { LineSpec, PaneSpec } from "@/charts/panes";
import { bucketsFor } from "@/charts/tiles";
import { compact } from "@/format/compact";
import { localZone } from "@/format/time";
import { Loaded, Skeleton } from "@/ui/Loaded";
import { usePreferences } from "@/ui/preferences";
import { Toggles } from "@/ui/Toggles";
import { type OverviewSearch, PERIODS, type Period } from "./search";

const PriceChart = lazy(() => import("@/charts/PriceChart").then((module) => ({ default: module.PriceChart })));

const EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const LENGTHS: Record<Period, number | null> = { "1D": 1, "1W": 7, "1M": 31, All: null };
/** Each mode keeps its colour and dash whatever else is drawn. */
const LOOKS: Record<string, LineSpec["color"]> = { live: 1, paper: 0 };

const curveQuery = (currency: string, period: Period) =>
  queryOptions({
    queryKey: keys.worth("series", currency, period),
    queryFn: ({ signal }) => {
      const days = LENGTHS[period];
      const from = days === null ? undefined : new Date(Date.now() - days * DAY_MS).toISOString();
      const query = { currency, from, max_points: bucketsFor(window.innerWidth, 1) };
      return answer(client.GET("/v1/equity/series", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });

/** Equity of what trades, one line for each mode. */
export function EquityCurve({ currencies }: { currencies: readonly string[] }) {
  const search = useSearch({ from: "/shell/" });
  const navigate = useNavigate({ from: "/" });
  const period = search.period ?? "All";
  const currency = currencies.find((each) => each === search.currency) ?? currencies[0] ?? "";
  const query = useQuery(curveQuery(currency, period));
  const { zone } = usePreferences();
  const columns = useMemo(() => (query.data ? columnsOf(query.data) : null), [query.data]);
  const panes = useMemo(() => panesOf(Object.keys(columns?.lines ?? {})), [columns]);
  const choose = (part: OverviewSearch): void => {
    void navigate({ search: (known) => ({ ...known, ...part }), replace: true, resetScroll: false });
  };
  return (
    <section aria-label="Equity over time" className="min-w-0 rounded-md border border-line p-4">
      <Loaded query={query} rows={9} waitingFor="the curve">
        {() => (
          <Suspense fallback={<Skeleton rows={9} waitingFor="the chart" />}>
            <PriceChart
              title={`Equity, ${currency}`}
              summary={summaryOf(Object.keys(columns?.lines ?? {}), columns?.t.length ?? 0)}
              columns={columns ?? { t: [], lines: {}, bars: {}, isRaw: true }}
              panes={panes}
              zone={{ utc: "UTC", local: localZone(), exchange: "America/New_York" }[zone]}
              isDaily={false}
              height={260}
            >
              <Toggles
                label="Period"
                value={period}
                choices={PERIODS}
                onChange={(chosen) => choose({ period: chosen === "All" ? undefined : (chosen as Period) })}
              />
              {currencies.length > 1 && (
                <Toggles
                  label="Currency"
                  value={currency}
                  choices={currencies}
                  onChange={(chosen) => choose({ currency: chosen })}
                />
              )}
            </PriceChart>
          </Suspense>
        )}
      </Loaded>
    </section>
  );
}

function panesOf(modes: readonly string[]): PaneSpec[] {
  const series = modes.map(
    (mode): LineSpec => ({ kind: "line", key: mode, label: mode.toUpperCase(), color: LOOKS[mode] ?? 2 }),
  );
  return [{ key: "equity", weight: 1, format: compact, series }];
}

function summaryOf(modes: readonly string[], rows: number): string {
  if (rows === 0) return "No session has decided on a bar in this period.";
  return `What the sessions that go on are worth after each bar, ${modes.join(" and ")} by itself: money of different modes is never added up.`;
}
