import type { components } from "@/api/schema.gen";
import { money } from "@/format/money";
import { percent } from "@/format/percent";
import { Age } from "@/ui/Age";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ModeBadge } from "@/ui/ModeBadge";
import { Num } from "@/ui/Num";
import { StatusPill } from "@/ui/StatusPill";
import { STALE_S } from "@/ui/sessionCells";

export type Worth = components["schemas"]["ModeWorth"];

const NO_BAR = "No bar has been decided on yet.";

const COLUMNS: readonly Column<Worth>[] = [
  {
    key: "mode",
    header: "Mode",
    card: "title",
    cell: ({ mode, currency, sessions }) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} />
        <span className="font-medium">{currency}</span>
        <span className="font-normal text-muted text-sm">{sessions === 1 ? "1 session" : `${sessions} sessions`}</span>
      </span>
    ),
  },
  {
    key: "equity",
    header: "Equity",
    align: "right",
    cell: ({ equity, currency }) => (
      <Num value={equity} as={(value) => money(value, currency)} className="font-semibold text-xl" />
    ),
  },
  {
    key: "day",
    header: "Day",
    align: "right",
    cell: ({ day, day_share, currency }) => (
      <span className="inline-flex flex-wrap justify-end gap-x-3">
        <Num value={day} as={(value) => money(value, currency, { sign: true })} reason={NO_BAR} change />
        {day !== null && <Num value={day_share} as={(value) => percent(value, { sign: true })} />}
      </span>
    ),
  },
  {
    key: "exposure",
    header: "Exposure",
    align: "right",
    cell: ({ exposure }) => <Num value={exposure} as={percent} reason="There is no equity." />,
  },
  {
    key: "drawdown",
    header: "Drawdown",
    align: "right",
    cell: ({ drawdown }) => <Num value={drawdown} as={percent} reason={NO_BAR} />,
  },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: ({ measured_at, silent }) => (
      <span className="inline-flex flex-wrap items-center justify-end gap-2">
        {silent > 0 && <StatusPill tone="warn" word={`${silent} silent`} />}
        <Age at={measured_at} limit={STALE_S} />
      </span>
    ),
  },
];

/** What is traded is worth now, by mode and currency: money of different modes is never added up. */
export function WorthTable({ worths }: { worths: readonly Worth[] }) {
  if (worths.length === 0) {
    return (
      <EmptyState icon="positions" title="Nothing trades, so nothing is worth anything now">
        A paper session needs no account: <code>tradewright paper sma_cross --symbols ACME</code>
      </EmptyState>
    );
  }
  return (
    <DataTable
      caption="Worth by mode and currency"
      columns={COLUMNS}
      rows={worths}
      rowKey={({ mode, currency }) => `${mode} ${currency}`}
    />
  );
}
