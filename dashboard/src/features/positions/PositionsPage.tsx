import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { money } from "@/format/money";
import { quantity } from "@/format/price";
import { Age } from "@/ui/Age";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { STALE_S } from "@/ui/sessionCells";

type Position = components["schemas"]["HeldPosition"];

const EVERY_MS = 5_000;
const NO_MARK = "The session has no price of it yet.";

const positionsQuery = () =>
  queryOptions({
    queryKey: keys.positions(),
    queryFn: ({ signal }) => answer(client.GET("/v1/positions", { params: { query: { per_page: 500 } }, signal })),
  });

function Money({ value, of, change }: { value: string | null; of: Position; change?: boolean }) {
  return (
    <Num value={value} as={(text) => money(text, of.currency, { sign: change })} reason={NO_MARK} change={change} />
  );
}

const COLUMNS: readonly Column<Position>[] = [
  {
    key: "symbol",
    header: "Symbol",
    card: "title",
    cell: (position) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={position.mode} />
        <span className="font-medium">{position.symbol}</span>
      </span>
    ),
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
    key: "quantity",
    header: "Quantity",
    align: "right",
    cell: (position) => <Num value={position.quantity} as={quantity} />,
  },
  {
    key: "average",
    header: "Average",
    align: "right",
    cell: (position) => <Num value={position.average_price} as={quantity} reason={NO_MARK} />,
  },
  {
    key: "mark",
    header: "Mark",
    align: "right",
    cell: (position) => <Num value={position.mark} as={quantity} reason={NO_MARK} />,
  },
  { key: "value", header: "Value", align: "right", cell: (position) => <Money value={position.value} of={position} /> },
  {
    key: "unrealized",
    header: "Unrealised",
    align: "right",
    cell: (position) => <Money value={position.unrealized} of={position} change />,
  },
  {
    key: "realized",
    header: "Realised",
    align: "right",
    cell: (position) => <Money value={position.realized} of={position} change />,
  },
  { key: "currency", header: "In", cell: ({ currency }) => currency },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: ({ measured_at }) => <Age at={measured_at} limit={STALE_S} />,
  },
];

/** What do I hold? */
export function PositionsPage() {
  const query = useQuery({ ...positionsQuery(), refetchInterval: EVERY_MS });
  return (
    <>
      <PageHead title="Positions" lead="What sessions that have not ended hold, as each last said." />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="positions" title="Nothing is held">
              No session of this machine that has not ended holds a position.
            </EmptyState>
          ) : (
            <DataTable
              caption="Positions by account"
              columns={COLUMNS}
              rows={page.items}
              rowKey={(each) => `${each.session} ${each.strategy} ${each.symbol}`}
              total={page.total}
            />
          )
        }
      </Loaded>
    </>
  );
}
