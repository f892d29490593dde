import type { components } from "@/api/schema.gen";
import { decimal } from "@/format/decimal";
import { money } from "@/format/money";
import { percent } from "@/format/percent";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ModeBadge } from "@/ui/ModeBadge";
import { Num } from "@/ui/Num";

export type Worth = components["schemas"]["GroupSummary"];

const COLUMNS: readonly Column<Worth>[] = [
  {
    key: "mode",
    header: "Mode",
    card: "title",
    cell: ({ mode, currency, running }) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} />
        <span className="font-medium">{currency}</span>
        <span className="font-normal text-muted text-sm">{running === 1 ? "1 session" : `${running} sessions`}</span>
      </span>
    ),
  },
  {
    key: "equity",
    header: "Equity",
    align: "right",
    cell: ({ equity, currency, reasons }) => (
      <Num
        value={equity}
        as={(value) => money(value, currency)}
        reason={reasons.equity}
        className="font-semibold text-xl"
      />
    ),
  },
  {
    key: "day",
    header: "Day",
    align: "right",
    cell: ({ day_pnl, day_return, currency, reasons }) => (
      <span className="inline-flex flex-wrap justify-end gap-x-3">
        <Num value={day_pnl} as={(value) => money(value, currency, { sign: true })} reason={reasons.day_pnl} change />
        {day_pnl !== null && <Num value={day_return} as={(value) => percent(value, { sign: true })} />}
      </span>
    ),
  },
  {
    key: "exposure",
    header: "Exposure",
    align: "right",
    cell: ({ exposure, currency, reasons }) => (
      <Num value={exposure} as={(value) => money(value, currency)} reason={reasons.exposure} />
    ),
  },
  {
    key: "open",
    header: "Positions",
    align: "right",
    cell: ({ open_positions, reasons }) => (
      <Num value={open_positions} as={(count) => decimal(count, 0)} reason={reasons.open_positions} />
    ),
  },
  {
    key: "drawdown",
    header: "Drawdown",
    align: "right",
    cell: ({ drawdown, reasons }) => (
      <Num value={drawdown === null ? null : -drawdown} as={percent} reason={reasons.drawdown} />
    ),
  },
];

/** What trades now is worth, by mode and currency: money of different modes is never added up. */
export function WorthTable({ worths }: { worths: readonly Worth[] }) {
  if (worths.length === 0) {
    return (
      <EmptyState icon="positions" title="Nothing trades now">
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
