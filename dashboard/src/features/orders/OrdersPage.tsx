import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { quantity } from "@/format/price";
import { Age } from "@/ui/Age";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { StatusPill } from "@/ui/StatusPill";
import { STALE_S } from "@/ui/sessionCells";

type Order = components["schemas"]["WorkingOrder"];

const EVERY_MS = 5_000;

const ordersQuery = () =>
  queryOptions({
    queryKey: keys.orders(),
    queryFn: ({ signal }) => answer(client.GET("/v1/orders", { params: { query: { per_page: 500 } }, signal })),
  });

const isUnknown = ({ status }: Order): boolean => status.toLowerCase() === "unknown";

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
  {
    key: "status",
    header: "State",
    cell: (order) => <StatusPill tone={isUnknown(order) ? "fail" : "busy"} word={order.status} />,
  },
  { key: "type", header: "Type", cell: ({ type }) => type },
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
    cell: ({ account, session }) => (
      <Link to="/sessions/$sessionId" params={{ sessionId: session }} className="text-accent underline">
        {account}
      </Link>
    ),
  },
  { key: "strategy", header: "Strategy", cell: ({ strategy }) => strategy },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: ({ measured_at }) => <Age at={measured_at} limit={STALE_S} />,
  },
];

/** What is open? */
export function OrdersPage() {
  const query = useQuery({ ...ordersQuery(), refetchInterval: EVERY_MS });
  return (
    <>
      <PageHead title="Orders" lead="Orders that work, as each session last said; unknown ones first." />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="orders" title="No order works">
              No session of this machine that has not ended has an order open.
            </EmptyState>
          ) : (
            <DataTable
              caption="Working orders, unknown ones first"
              columns={COLUMNS}
              rows={[...page.items].sort((one, other) => Number(isUnknown(other)) - Number(isUnknown(one)))}
              rowKey={(each) => `${each.session} ${each.id}`}
              total={page.total}
            />
          )
        }
      </Loaded>
    </>
  );
}
