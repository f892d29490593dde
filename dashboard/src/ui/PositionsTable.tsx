import { Link } from "@tanstack/react-router";
import type { Position } from "@/api/types";
import { money } from "@/format/money";
import { quantity } from "@/format/price";
import { Age } from "./Age";
import { ClosePosition } from "./ClosePosition";
import { type Column, DataTable } from "./DataTable";
import { ModeBadge } from "./ModeBadge";
import { Num } from "./Num";
import { STALE_S } from "./sessionCells";
import { When } from "./When";

const NO_MARK = "The session has no price of it yet.";
/** What the page of the session itself says already. */
const OF_SESSION = new Set(["account", "currency"]);

function Money({ value, of, change }: { value: string | null; of: Position; change?: boolean }) {
  return (
    <Num value={value} as={(text) => money(text, of.currency, { sign: change })} reason={NO_MARK} change={change} />
  );
}

/** The middle of the last quote with its age, where the session has quotes; else the last close. */
function Mark({ position: { mark, quoted_at } }: { position: Position }) {
  return (
    <span className="inline-flex flex-col items-end">
      <Num value={mark} as={quantity} reason={NO_MARK} />
      {quoted_at && (
        <span className="text-muted text-xs">
          quoted <When at={quoted_at} relative />
        </span>
      )}
    </span>
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
    cell: (position) => <Mark position={position} />,
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
  {
    key: "close",
    header: "Close",
    quiet: true,
    align: "right",
    cell: (position) => <ClosePosition position={position} />,
  },
];

type Props = { caption: string; positions: readonly Position[]; total?: number; isOfOne?: boolean };

/** What is held, by account, mode and strategy. */
export function PositionsTable({ caption, positions, total, isOfOne = false }: Props) {
  return (
    <DataTable
      caption={caption}
      columns={isOfOne ? COLUMNS.filter(({ key }) => !OF_SESSION.has(key)) : COLUMNS}
      rows={positions}
      rowKey={(each) => `${each.session} ${each.strategy} ${each.symbol}`}
      total={total}
    />
  );
}
