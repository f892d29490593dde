import { duration } from "@/format/duration";
import { money } from "@/format/money";
import { percent } from "@/format/percent";
import { quantity } from "@/format/price";
import type { Column } from "@/ui/DataTable";
import { Num } from "@/ui/Num";
import { When } from "@/ui/When";
import type { RunDetail, TradeRow } from "../queries";

/** What a table of closed trades may show. */
export function tradeColumns({ currency, zone }: RunDetail): Column<TradeRow>[] {
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
