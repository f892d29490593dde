import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { bytes } from "@/format/bytes";
import { decimal } from "@/format/decimal";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { When } from "@/ui/When";
import { Coverage } from "./Coverage";
import { Gravity } from "./Gravity";
import { type StoredSeries, storedQuery } from "./queries";

const route = getRouteApi("/shell/data");

/** Is it complete and fresh? */
export function DataPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(storedQuery(search));
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHead
        title="Data"
        lead="What bars are stored, how complete they are, and what is doubtful about them."
        actions={
          <Link to="/data/import" className={buttonClass("primary")}>
            <Icon name="plus" /> Import
          </Link>
        }
      />
      <Loaded query={query} rows={6} waitingFor="the store">
        {(found) =>
          found.total ? (
            <section aria-label="Stored bars">
              <PagedTable
                caption="Stored bars"
                found={found}
                columns={COLUMNS}
                rowKey={(each) => `${each.instrument} ${each.timeframe} ${each.adjustment}`}
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

const COLUMNS: Column<StoredSeries>[] = [
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
  { key: "quality", header: "Quality", cell: (each) => <Gravity gravity={each.gravity} isChecked={each.checked} /> },
  { key: "coverage", header: "Coverage", cell: (each) => <Coverage share={each.coverage} /> },
  { key: "rows", header: "Rows", align: "right", cell: (each) => <Num value={each.rows} as={whole} /> },
  {
    key: "period",
    header: "Period",
    cell: (each) => (
      <span className="whitespace-nowrap tabular-nums">
        {each.first.slice(0, 10)} to {each.last.slice(0, 10)}
      </span>
    ),
  },
  { key: "imported", header: "Imported", card: "hidden", cell: (each) => <When at={each.imported_at} relative /> },
  { key: "source", header: "From", card: "hidden", cell: (each) => (each.synthetic ? "made up" : each.source) },
  {
    key: "size",
    header: "Size",
    align: "right",
    card: "hidden",
    cell: (each) => <Num value={each.bytes} as={bytes} />,
  },
];
