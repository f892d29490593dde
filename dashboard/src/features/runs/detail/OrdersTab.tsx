import { useQuery } from "@tanstack/react-query";
import { money } from "@/format/money";
import { quantity } from "@/format/price";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { Pager } from "@/ui/Pager";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type FillRow, fillsQuery, type OrderRow, ordersQuery, type RunDetail } from "../queries";
import type { ChangeSearch } from "./RunPage";
import type { RunSearch } from "./search";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

const PER_PAGE = 50;

/** What was ordered and what became of it; and each execution. */
export function OrdersTab({ run, search, change }: Props) {
  const isFills = search.table === "fills";
  const pick = (table: RunSearch["table"]) => change({ table, page: undefined, sort: undefined });
  return (
    <section aria-label="Orders and fills" className="flex flex-col gap-3">
      <fieldset aria-label="Which table" className="flex gap-1">
        <Button aria-pressed={!isFills} look={isFills ? "ghost" : "plain"} onClick={() => pick(undefined)}>
          Orders {run.tables.orders?.toLocaleString("en-US")}
        </Button>
        <Button aria-pressed={isFills} look={isFills ? "plain" : "ghost"} onClick={() => pick("fills")}>
          Fills {run.tables.fills?.toLocaleString("en-US")}
        </Button>
      </fieldset>
      {isFills ? (
        <Fills run={run} search={search} change={change} />
      ) : (
        <Orders run={run} search={search} change={change} />
      )}
    </section>
  );
}

function askedOf(search: RunSearch) {
  const { sort, page = 1 } = search;
  const order = sort?.startsWith("-") ? ("desc" as const) : ("asc" as const);
  return { page, per_page: PER_PAGE, sort: sort?.replace("-", ""), order };
}

function Orders({ run, search, change }: Props) {
  const query = useQuery(ordersQuery(run.id, askedOf(search)));
  return (
    <Loaded query={query} rows={8}>
      {(found) => (
        <Table
          caption="Orders"
          columns={orderColumns(run.zone)}
          rowKey={(order) => String(order.id)}
          found={found}
          search={search}
          change={change}
        />
      )}
    </Loaded>
  );
}

function Fills({ run, search, change }: Props) {
  const query = useQuery(fillsQuery(run.id, askedOf(search)));
  return (
    <Loaded query={query} rows={8}>
      {(found) => (
        <Table
          caption="Fills"
          columns={fillColumns(run)}
          rowKey={(fill) => String(fill.number)}
          found={found}
          search={search}
          change={change}
        />
      )}
    </Loaded>
  );
}

type TableProps<Row> = {
  caption: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  found: { items: Row[]; total: number };
  search: RunSearch;
  change: ChangeSearch;
};

function Table<Row>({ caption, columns, rowKey, found, search, change }: TableProps<Row>) {
  const page = search.page ?? 1;
  if (!found.total) return <EmptyState icon="orders" title={`No ${caption.toLowerCase()}`} />;
  return (
    <>
      <DataTable
        caption={caption}
        columns={columns}
        rows={found.items}
        rowKey={rowKey}
        total={found.total}
        first={(page - 1) * PER_PAGE}
        sort={search.sort}
        onSort={(sort) => change({ sort, page: undefined })}
      />
      <Pager
        page={page}
        perPage={PER_PAGE}
        total={found.total}
        words={["Previous", "Next"]}
        onPage={(next) => change({ page: next > 1 ? next : undefined })}
      />
    </>
  );
}

const TONES: Record<string, Tone> = { filled: "ok", rejected: "fail", cancelled: "off", expired: "off" };

const orderColumns = (zone: string): Column<OrderRow>[] => [
  { key: "id", header: "#", align: "right", sort: "id", card: "title", cell: (order) => `#${order.id}` },
  { key: "symbol", header: "Symbol", sort: "symbol", card: "title", cell: (order) => order.symbol },
  { key: "time", header: "Placed", sort: "time", cell: (order) => <When at={order.time} exchange={zone} /> },
  { key: "side", header: "Side", sort: "side", cell: (order) => order.side },
  { key: "type", header: "Type", cell: (order) => [order.type, order.role].filter(Boolean).join(", ") },
  {
    key: "quantity",
    header: "Quantity",
    align: "right",
    cell: (order) => <Num value={order.quantity} as={quantity} />,
  },
  { key: "filled", header: "Filled", align: "right", cell: (order) => <Num value={order.filled} as={quantity} /> },
  {
    key: "price",
    header: "Price",
    align: "right",
    cell: (order) => <Num value={order.price} as={quantity} reason="it did not fill" />,
  },
  {
    key: "limit",
    header: "Limit",
    align: "right",
    card: "hidden",
    cell: (order) => order.limit && <Num value={order.limit} as={quantity} />,
  },
  {
    key: "stop",
    header: "Stop",
    align: "right",
    card: "hidden",
    cell: (order) => order.stop && <Num value={order.stop} as={quantity} />,
  },
  {
    key: "status",
    header: "Status",
    sort: "status",
    cell: (order) => <StatusPill tone={TONES[order.status] ?? "notice"} word={order.status} />,
  },
  { key: "reason", header: "Why", card: "hidden", cell: (order) => order.reason },
  { key: "tag", header: "Tag", card: "hidden", cell: (order) => order.tag },
];

function fillColumns({ currency, zone }: RunDetail): Column<FillRow>[] {
  const cash = (value: string) => money(value, currency);
  return [
    { key: "number", header: "#", align: "right", sort: "number", card: "title", cell: (fill) => `#${fill.number}` },
    { key: "symbol", header: "Symbol", sort: "symbol", card: "title", cell: (fill) => fill.symbol },
    { key: "time", header: "Time", sort: "time", cell: (fill) => <When at={fill.time} exchange={zone} /> },
    { key: "side", header: "Side", sort: "side", cell: (fill) => fill.side },
    {
      key: "quantity",
      header: "Quantity",
      align: "right",
      sort: "quantity",
      cell: (fill) => <Num value={fill.quantity} as={quantity} />,
    },
    {
      key: "price",
      header: "Price",
      align: "right",
      sort: "price",
      cell: (fill) => <Num value={fill.price} as={quantity} />,
    },
    { key: "fee", header: `Fee ${currency}`, align: "right", cell: (fill) => <Num value={fill.fee} as={cash} /> },
    {
      key: "tax",
      header: `Tax ${currency}`,
      align: "right",
      card: "hidden",
      cell: (fill) => <Num value={fill.tax} as={cash} />,
    },
    {
      key: "slippage",
      header: `Slippage ${currency}`,
      align: "right",
      card: "hidden",
      cell: (fill) => <Num value={fill.slippage} as={cash} />,
    },
    { key: "phase", header: "Phase", card: "hidden", cell: (fill) => fill.phase },
    { key: "order", header: "Order", align: "right", card: "hidden", cell: (fill) => `#${fill.order_id}` },
    { key: "tag", header: "Tag", card: "hidden", cell: (fill) => fill.tag },
  ];
}
