import { ColumnChoice } from "@/ui/ColumnChoice";
import { EmptyState } from "@/ui/EmptyState";
import { Skeleton } from "@/ui/Loaded";
import { LongTable } from "@/ui/LongTable";
import { ProblemNote } from "@/ui/ProblemNote";
import { useColumns } from "@/ui/useColumns";
import { ROWS_A_PAGE, useRows } from "@/ui/useRows";
import { type RunDetail, tradesQuery } from "../queries";
import { NoTrades } from "./NoTrades";
import type { ChangeSearch } from "./RunPage";
import { SaveRows } from "./SaveRows";
import type { RunSearch } from "./search";
import { TradeFilters } from "./TradeFilters";
import { tradeColumns } from "./tradeColumns";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

const HIDDEN = ["slippage", "mae", "mfe", "bars", "tags"];
const FIXED = new Set(["number"]);
const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** What the address asks of the trades, in the words of the server. */
function filterOf({ side, outcome, within, from, to, sort }: RunSearch) {
  const isInView = within === "view" && from !== undefined && to !== undefined;
  return {
    side,
    outcome,
    ...(isInView ? { from: iso(from), to: iso(to) } : {}),
    ...(sort
      ? { sort: sort.replace("-", ""), order: sort.startsWith("-") ? ("desc" as const) : ("asc" as const) }
      : {}),
  };
}

/** The closed trades; a row is selected in the chart, and the chart's in the table. */
export function TradesTab({ run, search, change }: Props) {
  if (!run.tables.trades) return <NoTrades run={run} />;
  return <Trades run={run} search={search} change={change} />;
}

function Trades({ run, search, change }: Props) {
  const plan = useColumns("trades", tradeColumns(run), { hidden: HIDDEN, fixed: FIXED });
  const filter = filterOf(search);
  const order = JSON.stringify(filter);
  const { rows, want, error, refetch } = useRows((page) =>
    tradesQuery(run.id, { ...filter, page, per_page: ROWS_A_PAGE }),
  );
  // As they happened every trade stands at its number; elsewhere nobody knows its place before it is read.
  const isPlain = Object.values(filter).every((each) => each === undefined);
  return (
    <section aria-label="Trades" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <TradeFilters search={search} change={change} />
        <span className="grow" />
        <span className="text-muted text-sm tabular-nums">
          {rows.total?.toLocaleString("en-US")} of {run.tables.trades?.toLocaleString("en-US")}
        </span>
        <SaveRows run={run} asked={{ table: "trades", ...filter }} />
        <ColumnChoice plan={plan} />
      </div>
      {error ? <ProblemNote error={error} onRetry={refetch} /> : null}
      {rows.total === undefined && !error && <Skeleton rows={8} />}
      {rows.total === 0 && <EmptyState icon="search" title="No trade is like that" />}
      {rows.total ? (
        <LongTable
          caption={`Trades, money in ${run.currency}`}
          columns={plan.shown}
          rows={rows}
          total={rows.total}
          onWindow={want}
          order={order}
          shown={isPlain && search.trade ? search.trade - 1 : undefined}
          sort={search.sort}
          onSort={(sort) => change({ sort })}
          onOpen={(trade) => change({ trade: trade.number })}
          selected={(trade) => trade.number === search.trade}
        />
      ) : null}
    </section>
  );
}
