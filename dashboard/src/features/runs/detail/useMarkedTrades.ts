import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Mark } from "@/charts/markers";
import type { TradeLine } from "@/charts/panes";
import type { Span } from "@/charts/tiles";
import { signOf } from "@/format/decimal";
import { millis } from "@/format/time";
import { type RunDetail, type TradeRow, tradesQuery } from "../queries";

const MOST = 500;

type Marked = { marks: Mark[]; lines: TradeLine[]; note: string | null };

const seconds = (instant: string): number => (millis(instant) ?? 0) / 1_000;
const day = (at: number): string => new Date(at * 1_000).toISOString();

/** The trades to draw: all of them, or those in view where there are many; and always the selected one. */
export function useMarkedTrades(
  run: RunDetail,
  symbol: string | undefined,
  view: Span | null,
  chosen: number | undefined,
): Marked {
  const isMany = (run.tables.trades ?? 0) > MOST;
  const range = isMany && view ? { from: day(view.from), to: day(view.to) } : {};
  const found = useQuery({
    ...tradesQuery(run.id, { page: 1, per_page: MOST, symbol, ...range }),
    enabled: Boolean(run.tables.trades) && (!isMany || view !== null),
  }).data;
  const one = useQuery({
    ...tradesQuery(run.id, { page: chosen ?? 1, per_page: 1 }),
    enabled: chosen !== undefined && isMany,
  }).data;
  return useMemo(() => {
    const shown = found && found.total <= MOST ? found.items : [];
    const extra = (one?.items ?? []).filter((trade) => !shown.some((each) => each.number === trade.number));
    const rows = [...shown, ...extra].filter((trade) => trade.symbol === symbol);
    const isTooMany = Boolean(found && found.total > MOST);
    return {
      lines: rows.map(lineOf),
      marks: rows.flatMap(marksOf),
      note: isTooMany ? `Zoom in to see trades: ${found?.total.toLocaleString("en-US")} are in view.` : null,
    };
  }, [found, one, symbol]);
}

function lineOf(trade: TradeRow): TradeLine {
  return {
    number: trade.number,
    from: seconds(trade.entry_time),
    to: seconds(trade.exit_time),
    entry: Number(trade.entry_price),
    exit: Number(trade.exit_price),
    isGain: signOf(trade.net) > 0,
  };
}

function marksOf(trade: TradeRow): Mark[] {
  const isLong = trade.side === "long";
  const mark = (at: string, isBuy: boolean, price: string): Mark => ({
    at: seconds(at),
    side: isBuy ? "buy" : "sell",
    price: Number(price),
    trade: trade.number,
  });
  return [mark(trade.entry_time, isLong, trade.entry_price), mark(trade.exit_time, !isLong, trade.exit_price)];
}
