import { Link } from "@tanstack/react-router";
import type { Order } from "@/api/types";
import { quantity } from "@/format/price";
import { Age } from "./Age";
import { CancelOrder } from "./CancelOrder";
import { type Column, DataTable } from "./DataTable";
import { ModeBadge } from "./ModeBadge";
import { Num } from "./Num";
import { StatusPill, type Tone } from "./StatusPill";
import { STALE_S } from "./sessionCells";

/** What the page of the session itself says already. */
const OF_SESSION = new Set(["account", "strategy"]);
const TONES: Record<string, Tone> = { unknown: "fail", decided: "wait", sent: "busy" };

const isUnknown = ({ status }: Order): boolean => status === "unknown";

function State({ order: { status, cancelling, protects } }: { order: Order }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <StatusPill tone={TONES[status] ?? "busy"} word={status === "unknown" ? "UNKNOWN" : status} />
      {cancelling && <span className="text-muted text-sm">its end is asked for</span>}
      {protects && <span className="text-muted text-sm">protects a position</span>}
    </span>
  );
}

const COLUMNS: readonly Column<Order>[] = [
  {
    key: "symbol",
    header: "Order",
    card: "title",
    cell: (order) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={order.mode} />
        <span className="font-medium">
          {order.side} {order.symbol}
        </span>
      </span>
    ),
  },
  { key: "status", header: "State", cell: (order) => <State order={order} /> },
  { key: "type", header: "Type", cell: ({ type }) => type.replaceAll("_", " ") },
  {
    key: "quantity",
    header: "Quantity",
    align: "right",
    cell: (order) => <Num value={order.quantity} as={quantity} />,
  },
  { key: "filled", header: "Filled", align: "right", cell: (order) => <Num value={order.filled} as={quantity} /> },
  {
    key: "limit",
    header: "Limit",
    align: "right",
    cell: (order) => <Num value={order.limit} as={quantity} reason="It has no limit." />,
  },
  {
    key: "stop",
    header: "Stop",
    align: "right",
    cell: (order) => <Num value={order.stop} as={quantity} reason="It has no stop." />,
  },
  {
    key: "account",
    header: "Account",
    cell: ({ account, session }) =>
      session ? (
        <Link to="/sessions/$sessionId" params={{ sessionId: session }} className="text-accent underline">
          {account}
        </Link>
      ) : (
        account
      ),
  },
  { key: "strategy", header: "Strategy", cell: ({ strategy }) => strategy || "–" },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: ({ measured_at }) => <Age at={measured_at} limit={STALE_S} />,
  },
  {
    key: "cancel",
    header: "Cancel",
    quiet: true,
    align: "right",
    // What became of an unknown order is being asked; asking for its end would be a guess.
    cell: (order) =>
      isUnknown(order) ? (
        <span className="text-muted text-sm">the venue is asked</span>
      ) : (
        <CancelOrder id={order.id} what={`${order.side} ${order.symbol}`} protects={order.protects} />
      ),
  },
];

type Props = { caption: string; orders: readonly Order[]; total?: number; isOfOne?: boolean };

/** Orders that are open, unknown ones first. */
export function OrdersTable({ caption, orders, total, isOfOne = false }: Props) {
  return (
    <DataTable
      caption={caption}
      columns={isOfOne ? COLUMNS.filter(({ key }) => !OF_SESSION.has(key)) : COLUMNS}
      rows={[...orders].sort((one, other) => Number(isUnknown(other)) - Number(isUnknown(one)))}
      rowKey={(each) => `${each.session} ${each.id}`}
      total={total}
    />
  );
}
