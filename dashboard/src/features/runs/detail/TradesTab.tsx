import { useQuery } from "@tanstack/react-query";
import { duration } from "@/format/duration";
import { money } from "@/format/money";
import { percent } from "@/format/percent";
import { quantity } from "@/format/price";
import { ColumnChoice } from "@/ui/ColumnChoice";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PagedTable } from "@/ui/PagedTable";
import { useHiddenColumns } from "@/ui/useHiddenColumns";
import { When } from "@/ui/When";
import { type RunDetail, type TradeRow, tradesQuery } from "../queries";
import { NoTrades } from "./NoTrades";
import type { ChangeSearch } from "./RunPage";
import type { RunSearch } from "./search";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

const PER_PAGE = 50;
const HIDDEN = ["slippage", "mae", "mfe", "bars", "tags"];

/** The closed trades; a row is selected in the chart, and the chart's in the table. */
export function TradesTab({ run, search, change }: Props) {
  const [hidden, toggle] = useHiddenColumns("trades", HIDDEN);
  const columns = tradeColumns(run);
  const sort = search.sort;
  const ofChosen = search.trade && !sort && !search.side ? Math.ceil(search.trade / PER_PAGE) : 1;
  const page = search.page ?? ofChosen;
  const query = useQuery({
    ...tradesQuery(run.id, {
      page,
      per_page: PER_PAGE,
      side: search.side,
      sort: sort?.replace("-", ""),
      order: sort?.startsWith("-") ? "desc" : "asc",
    }),
    enabled: Boolean(run.tables.trades),
  });
  if (!run.tables.trades) return <NoTrades run={run} />;
  return (
    <section aria-label="Trades" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <FilterBar>
          <Filter
            label="Side"
            value={search.side}
            choices={[
              { value: "long", word: "long" },
              { value: "short", word: "short" },
            ]}
            onChange={(side) => change({ side: side as RunSearch["side"], page: undefined })}
          />
        </FilterBar>
        <span className="grow" />
        <ColumnChoice columns={columns.filter(({ key }) => key !== "number")} hidden={hidden} onToggle={toggle} />
      </div>
      <Loaded query={query} rows={8}>
        {(found) =>
          found.total ? (
            <>
              <PagedTable
                caption={`Trades, money in ${run.currency}`}
                found={found}
                columns={columns.filter(({ key }) => !hidden.has(key))}
                rowKey={(trade) => String(trade.number)}
                sort={sort}
                onSort={(next) => change({ sort: next, page: undefined })}
                onOpen={(trade) => change({ trade: trade.number, page })}
                selected={(trade) => trade.number === search.trade}
                boxed
                words={["Previous", "Next"]}
                onPage={(next) => change({ page: next })}
              />
            </>
          ) : (
            <EmptyState icon="search" title="No trade is like that" />
          )
        }
      </Loaded>
    </section>
  );
}

function tradeColumns({ currency, zone }: RunDetail): Column<TradeRow>[] {
  const cash = (value: string) => money(value, currency);
  const gain = (value: string) => money(value, currency, { sign: true });
  return [
    { key: "number", header: "#", align: "right", sort: "number", card: "title", cell: (trade) => `#${trade.number}` },
    { key: "symbol", header: "Symbol", sort: "symbol", card: "title", cell: (trade) => trade.symbol },
    { key: "side", header: "Side", sort: "side", card: "title", cell: (trade) => trade.side },
    {
      key: "entry",
      header: "Entry",
      card: "hidden",
      sort: "entry_time",
      cell: (trade) => <When at={trade.entry_time} exchange={zone} />,
    },
    { key: "exit", header: "Exit", sort: "exit_time", cell: (trade) => <When at={trade.exit_time} exchange={zone} /> },
    {
      key: "quantity",
      header: "Quantity",
      card: "hidden",
      align: "right",
      sort: "quantity",
      cell: (trade) => <Num value={trade.quantity} as={quantity} />,
    },
    {
      key: "entry_price",
      header: "Entry price",
      align: "right",
      card: "hidden",
      cell: (trade) => <Num value={trade.entry_price} as={priced} />,
    },
    {
      key: "exit_price",
      header: "Exit price",
      align: "right",
      card: "hidden",
      cell: (trade) => <Num value={trade.exit_price} as={priced} />,
    },
    {
      key: "net",
      header: `Net ${currency}`,
      align: "right",
      sort: "net",
      cell: (trade) => <Num value={trade.net} as={gain} change />,
    },
    {
      key: "return",
      header: "Return",
      align: "right",
      sort: "return",
      cell: (trade) => <Num value={trade.return} as={signedPercent} change />,
    },
    {
      key: "costs",
      header: `Commission ${currency}`,
      align: "right",
      card: "hidden",
      cell: (trade) => <Num value={trade.commission} as={cash} />,
    },
    {
      key: "slippage",
      header: `Slippage ${currency}`,
      align: "right",
      card: "hidden",
      cell: (trade) => <Num value={trade.slippage} as={cash} />,
    },
    {
      key: "mae",
      header: "Worst",
      align: "right",
      sort: "mae",
      card: "hidden",
      cell: (trade) => <Num value={trade.mae} as={percent} />,
    },
    {
      key: "mfe",
      header: "Best",
      align: "right",
      sort: "mfe",
      card: "hidden",
      cell: (trade) => <Num value={trade.mfe} as={percent} />,
    },
    {
      key: "bars",
      header: "Bars",
      align: "right",
      sort: "bars",
      card: "hidden",
      cell: (trade) => trade.bars.toLocaleString("en-US"),
    },
    {
      key: "held",
      header: "Held",
      align: "right",
      card: "hidden",
      cell: (trade) => <span className="whitespace-nowrap">{heldFor(trade)}</span>,
    },
    {
      key: "tags",
      header: "Tags",
      card: "hidden",
      cell: (trade) => [trade.entry_tag, trade.exit_tag].filter(Boolean).join(" → "),
    },
  ];
}

function priced(value: string): string {
  return quantity(value);
}

function signedPercent(value: number | null): string {
  return percent(value, { sign: true });
}

function heldFor(trade: TradeRow): string {
  return duration((Date.parse(trade.exit_time) - Date.parse(trade.entry_time)) / 1_000);
}
