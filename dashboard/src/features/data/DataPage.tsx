import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { decimal } from "@/format/decimal";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
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
  const columns = useMemo(
    () => columnsOf(new Map(fresh.data?.items.map((each) => [nameOf(each), each]))),
    [fresh.data],
  );
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
const count = (value: number | undefined): string => decimal(value, 0);

const columnsOf = (fresh: ReadonlyMap<string, SeriesFreshness>): Column<StoredSeries>[] => [
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
  { key: "fresh", header: "Freshness", cell: (each) => <Freshness of={fresh.get(nameOf(each))} /> },
  {
    key: "last",
    header: "Last close",
    cell: (each) => <When at={fresh.get(nameOf(each))?.last_close} />,
  },
  { key: "lag", header: "Lag", cell: (each) => <Lag of={fresh.get(nameOf(each))} /> },
  { key: "quality", header: "Quality", cell: (each) => <Gravity gravity={each.gravity} isChecked={each.checked} /> },
  { key: "coverage", header: "Coverage", cell: (each) => <Coverage share={each.coverage} /> },
  {
    key: "versions",
    header: "Versions",
    align: "right",
    cell: (each) => <Num value={fresh.get(nameOf(each))?.versions} as={count} />,
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
    cell: (each) => <Source synthetic={each.synthetic} source={fresh.get(nameOf(each))?.fetched_from ?? each.source} />,
  },
];
