import type { ReactNode } from "react";
import { money } from "@/format/money";
import { quantity } from "@/format/price";
import { Button } from "@/ui/Button";
import { ColumnChoice } from "@/ui/ColumnChoice";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Skeleton } from "@/ui/Loaded";
import { LongTable } from "@/ui/LongTable";
import { Num } from "@/ui/Num";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { useColumns } from "@/ui/useColumns";
import { type FoundRows, ROWS_A_PAGE, useRows } from "@/ui/useRows";
import { When } from "@/ui/When";
import { type FillRow, fillsQuery, type OrderRow, ordersQuery, type RunDetail } from "../queries";
import type { ChangeSearch } from "./RunPage";
import { SaveRows } from "./SaveRows";
import type { RunSearch } from "./search";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

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

function sortOf({ sort }: RunSearch) {
  if (!sort) return {};
  return { sort: sort.replace("-", ""), order: sort.startsWith("-") ? ("desc" as const) : ("asc" as const) };
}

function Orders({ run, search, change }: Props) {
  const asked = sortOf(search);
  const found = useRows((page) => ordersQuery(run.id, { ...asked, page, per_page: ROWS_A_PAGE }));
  return (
    <Table
      caption="Orders"
      columns={orderColumns(run.zone)}
      found={found}
      save={<SaveRows run={run} asked={{ table: "orders", ...asked }} />}
      search={search}
      change={change}
    />
  );
}

function Fills({ run, search, change }: Props) {
  const asked = sortOf(search);
  const found = useRows((page) => fillsQuery(run.id, { ...asked, page, per_page: ROWS_A_PAGE }));
  return (
    <Table
      caption="Fills"
      columns={fillColumns(run)}
      found={found}
      save={<SaveRows run={run} asked={{ table: "fills", ...asked }} />}
      search={search}
      change={change}
    />
  );
}

type TableProps<Row> = {
  caption: string;
  columns: Column<Row>[];
  found: FoundRows<Row>;
  save: ReactNode;
  search: RunSearch;
  change: ChangeSearch;
};

function Table<Row>({ caption, columns, found, save, search, change }: TableProps<Row>) {
  const { rows, want, error, refetch } = found;
  const plan = useColumns(caption.toLowerCase(), columns);
  if (error) return <ProblemNote error={error} onRetry={refetch} />;
  if (rows.total === undefined) return <Skeleton rows={8} />;
  if (!rows.total) return <EmptyState icon="orders" title={`No ${caption.toLowerCase()}`} />;
  return (
    <>
      <div className="flex flex-wrap justify-end gap-2">
        {save}
        <ColumnChoice plan={plan} />
      </div>
      <LongTable
        caption={caption}
        columns={plan.shown}
        rows={rows}
        total={rows.total}
        onWindow={want}
        order={search.sort}
        sort={search.sort}
        onSort={(sort) => change({ sort })}
      />
    </>
  );
}

const TONES: Record<string, Tone> = { filled: "ok", rejected: "fail", cancelled: "off", expired: "off" };

const orderColumns = (zone: string): Column<OrderRow>[] => [
  { key: "id", header: "#", align: "right", sort: "id", card: "title", cell: (order) => `#${order.id}` },
  { key: "symbol", header: "Symbol", sort: "symbol", card: "title", cell: (order) => order.symbol },
  { key: "time", header: "Placed", sort: "time", cell: (order) => <When at={order.time} exchange={zone} /> },
  { key: "side", header: "Side", sort: "side", card: "title", cell: (order) => order.side },
  { key: "type", header: "Type", card: "hidden", cell: (order) => [order.type, order.role].filter(Boolean).join(", ") },
  {
    key: "quantity",
    header: "Quantity",
    align: "right",
    cell: (order) => <Num value={order.quantity} as={quantity} />,
  },
  {
    key: "filled",
    header: "Filled",
    align: "right",
    card: "hidden",
    cell: (order) => <Num value={order.filled} as={quantity} />,
  },
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
    card: "title",
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
    { key: "side", header: "Side", sort: "side", card: "title", cell: (fill) => fill.side },
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
    {
      key: "fee",
      header: `Fee ${currency}`,
      align: "right",
      card: "hidden",
      cell: (fill) => <Num value={fill.fee} as={cash} />,
    },
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
