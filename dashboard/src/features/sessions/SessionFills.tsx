import { useQuery } from "@tanstack/react-query";
import { money } from "@/format/money";
import { bps } from "@/format/percent";
import { quantity } from "@/format/price";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";
import { type SessionFill, sessionFillsQuery } from "./queries";

const columnsIn = (currency: string): readonly Column<SessionFill>[] => [
  {
    key: "fill",
    header: "Fill",
    card: "title",
    cell: ({ side, symbol }) => (
      <span className="font-medium">
        {side} {symbol}
      </span>
    ),
  },
  { key: "quantity", header: "Quantity", align: "right", cell: (fill) => <Num value={fill.quantity} as={quantity} /> },
  { key: "price", header: "Price", align: "right", cell: (fill) => <Num value={fill.price} as={quantity} /> },
  {
    key: "fee",
    header: `Fee, ${currency}`,
    align: "right",
    cell: ({ fee }) => <Num value={fee} as={(value) => money(value, currency)} />,
  },
  {
    key: "slippage",
    header: "Slipped",
    align: "right",
    cell: (fill) => <Num value={fill.slippage_bps} as={bps} reason="No order of a strategy's was filled by it." />,
  },
  {
    key: "spread",
    header: "Half spread",
    align: "right",
    cell: (fill) => <Num value={fill.spread_bps} as={bps} reason="Its order was not sent on a live quote." />,
  },
  { key: "at", header: "At", align: "right", cell: ({ at }) => <When at={at} seconds /> },
];

/** What filled, the latest first, and how much worse than the close that it was decided on. */
export function SessionFills({ id, currency }: { id: string; currency: string }) {
  const query = useQuery(sessionFillsQuery(id));
  return (
    <Panel title="Fills" note="slipped: against the close of the deciding bar; a negative number is better">
      <Loaded query={query} rows={4}>
        {(found) =>
          found.total === 0 ? (
            <EmptyState icon="orders" title="Nothing has filled yet" />
          ) : (
            <DataTable
              caption="Fills of the session, the latest first"
              columns={columnsIn(currency)}
              rows={found.items}
              rowKey={(fill) => `${fill.order} ${fill.at} ${fill.quantity} ${fill.price}`}
              total={found.total}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
