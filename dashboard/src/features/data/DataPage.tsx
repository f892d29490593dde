import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { decimal } from "@/format/decimal";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { Missing } from "@/ui/MetricText";
import { Num } from "@/ui/Num";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { ProblemNote } from "@/ui/ProblemNote";
import { When } from "@/ui/When";
import { Coverage } from "./Coverage";
import { Freshness, Lag } from "./Freshness";
import { Gravity } from "./Gravity";
import { freshnessQuery, nameOf, type SeriesFreshness, type StoredSeries, storedQuery } from "./queries";
import { Source } from "./Source";

const route = getRouteApi("/shell/data");

/** Is it complete and fresh? */
export function DataPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(storedQuery(search));
  const fresh = useQuery(freshnessQuery(search));
  const { data: told, isPending } = fresh;
  const columns = useMemo(() => columnsOf(asTold(told?.items, isPending)), [told, isPending]);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHead
        title="Data"
        lead="What bars are stored, how fresh and complete they are, and what is doubtful about them."
        actions={
          <>
            <Link to="/data/fetch" className={buttonClass()}>
              Fetch
            </Link>
            <Link to="/data/import" className={buttonClass("primary")}>
              <Icon name="plus" /> Import
            </Link>
          </>
        }
      />
      <Loaded query={query} rows={6} waitingFor="the store">
        {(found) =>
          found.total ? (
            <section aria-label="Stored bars">
              {fresh.error && <ProblemNote error={fresh.error} onRetry={fresh.refetch} />}
              <PagedTable
                caption="Stored bars"
                found={found}
                columns={columns}
                rowKey={nameOf}
                onOpen={(each) => navigate({ to: "/data/$symbol", params: { symbol: each.instrument } })}
                words={["Previous", "Next"]}
                onPage={(page) => navigate({ search: (known) => ({ ...known, page: page > 1 ? page : undefined }) })}
              />
            </section>
          ) : (
            <EmptyState
              icon="data"
              title="Nothing is stored yet"
              action={
                <>
                  <Link to="/data/import" className={buttonClass("primary")}>
                    Import files
                  </Link>
                  <Link to="/data/fetch" className={buttonClass()}>
                    Fetch from a provider
                  </Link>
                  <Link to="/runs/new" search={{ source: "synthetic" }} className={buttonClass()}>
                    Run on a made-up market
                  </Link>
                </>
              }
            >
              CSV and Parquet files of bars are imported here or by <code>tradewright data import FILES…</code>: read
              once, checked and kept.
            </EmptyState>
          )
        }
      </Loaded>
    </div>
  );
}

const whole = (value: number): string => decimal(value, 0);

type Told = (series: StoredSeries, show: (fresh: SeriesFreshness) => ReactNode) => ReactNode;

/** What is shown of how fresh a series is; what is still asked for is not yet unknown. */
function asTold(items: readonly SeriesFreshness[] | undefined, isPending: boolean): Told {
  const known = new Map(items?.map((each) => [nameOf(each), each]));
  return (series, show) => {
    const found = known.get(nameOf(series));
    if (found) return show(found);
    return isPending ? <Asked /> : <Missing reason="the server has not said how fresh it is" />;
  };
}

function Asked() {
  return (
    <span className="text-muted">
      <span aria-hidden="true">…</span>
      <span className="sr-only">being asked for</span>
    </span>
  );
}

const columnsOf = (told: Told): Column<StoredSeries>[] => [
  {
    key: "symbol",
    header: "Symbol",
    card: "title",
    cell: (each) => (
      <Link to="/data/$symbol" params={{ symbol: each.instrument }} className="font-medium text-accent hover:underline">
        {each.symbol}
      </Link>
    ),
  },
  {
    key: "timeframe",
    header: "Bars",
    card: "title",
    cell: (each) => (
      <span className="whitespace-nowrap">
        {each.timeframe} {each.adjustment}
      </span>
    ),
  },
  { key: "fresh", header: "Freshness", cell: (each) => told(each, (fresh) => <Freshness of={fresh} />) },
  {
    key: "last",
    header: "Last close",
    cell: (each) => told(each, ({ last_close }) => <When at={last_close} />),
  },
  { key: "lag", header: "Lag", cell: (each) => told(each, (fresh) => <Lag of={fresh} />) },
  { key: "quality", header: "Quality", cell: (each) => <Gravity gravity={each.gravity} isChecked={each.checked} /> },
  { key: "coverage", header: "Coverage", cell: (each) => <Coverage share={each.coverage} /> },
  {
    key: "versions",
    header: "Versions",
    align: "right",
    cell: (each) => told(each, ({ versions }) => <Num value={versions} as={whole} />),
  },
  { key: "rows", header: "Rows", align: "right", cell: (each) => <Num value={each.rows} as={whole} /> },
  {
    key: "since",
    header: "Since",
    cell: (each) => <span className="whitespace-nowrap tabular-nums">{each.first.slice(0, 10)}</span>,
  },
  {
    key: "source",
    header: "From",
    cell: ({ synthetic, source }) => <Source synthetic={synthetic} source={source} />,
  },
];
