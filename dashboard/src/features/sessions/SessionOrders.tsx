import { useQuery } from "@tanstack/react-query";
import { quantity } from "@/format/price";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type SessionOrder, sessionOrdersQuery } from "./queries";

const TONES: Record<SessionOrder["status"], Tone> = {
  sent: "busy",
  acknowledged: "busy",
  unknown: "fail",
  filled: "ok",
  cancelled: "off",
  expired: "off",
  rejected: "warn",
  replaced: "off",
};

/** How far an order has come: sent, acknowledged, filled, or how else it ended. */
function Steps({ order }: { order: SessionOrder }) {
  const last = order.status === "acknowledged" || order.status === "sent" ? null : order.status;
  const steps = [
    ["sent", order.sent_at],
    ["acknowledged", order.acknowledged_at],
    ...(last ? [[last, order.ended_at] as const] : []),
  ] as const;
  const reached = steps.filter(([word, at]) => at !== null || word === last);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5" title={order.reason || undefined}>
      {reached.map(([word], index) => {
        const isLast = index === reached.length - 1;
        return (
          <span key={word} className="inline-flex items-center gap-1.5">
            {index > 0 && (
              <span aria-hidden="true" className="text-muted">
                →
              </span>
            )}
            {isLast ? (
              <StatusPill tone={TONES[order.status]} word={word} />
            ) : (
              <span className="text-muted">{word}</span>
            )}
          </span>
        );
      })}
      {order.reason && <span className="basis-full text-muted text-sm">{order.reason}</span>}
    </span>
  );
}

const COLUMNS: readonly Column<SessionOrder>[] = [
  {
    key: "order",
    header: "Order",
    card: "title",
    cell: ({ side, symbol, type }) => (
      <span>
        <span className="font-medium">
          {side} {symbol}
        </span>{" "}
        <span className="font-normal text-muted text-sm">{type.replaceAll("_", " ")}</span>
      </span>
    ),
  },
  { key: "steps", header: "State", cell: (order) => <Steps order={order} /> },
  {
    key: "quantity",
    header: "Quantity",
    align: "right",
    cell: (order) => <Num value={order.quantity} as={quantity} />,
  },
  { key: "filled", header: "Filled", align: "right", cell: (order) => <Num value={order.filled} as={quantity} /> },
  {
    key: "average",
    header: "Average",
    align: "right",
    cell: (order) => <Num value={order.average} as={quantity} reason="Nothing of it has filled." />,
  },
  {
    key: "price",
    header: "Limit or stop",
    align: "right",
    cell: ({ limit, stop }) => <Num value={limit ?? stop} as={quantity} reason="It has neither limit nor stop." />,
  },
  { key: "at", header: "Sent", align: "right", cell: ({ sent_at }) => <When at={sent_at} seconds /> },
];

/** Every order of a session with its steps, the latest first; unknown ones stand on top. */
export function SessionOrders({ id }: { id: string }) {
  const query = useQuery(sessionOrdersQuery(id));
  return (
    <Panel title="Orders" note="the latest first">
      <Loaded query={query} rows={4}>
        {(found) =>
          found.total === 0 ? (
            <EmptyState icon="orders" title="No order yet">
              Why there is none stands among the decisions.
            </EmptyState>
          ) : (
            <DataTable
              caption="Orders of the session, the latest first"
              columns={COLUMNS}
              rows={found.items}
              rowKey={(order) => String(order.id)}
              total={found.total}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
