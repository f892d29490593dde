import { decimal } from "@/format/decimal";
import { type Column, DataTable } from "@/ui/DataTable";
import { Num } from "@/ui/Num";
import { When } from "@/ui/When";
import { isDaily } from "./coverage";
import { Gravity } from "./Gravity";
import type { DataFinding } from "./queries";

const whole = (value: number): string => decimal(value, 0);

type Props = { caption: string; findings: readonly DataFinding[]; timeframe: string | null };

/** What was found in bars, or in the rows of a file: where, how often, and what it is. */
export function FindingsTable({ caption, findings, timeframe }: Props) {
  return (
    <DataTable
      caption={caption}
      columns={columnsOf(isDaily(timeframe ?? ""))}
      rows={findings}
      rowKey={(each) => `${each.problem} ${each.line} ${each.sentence}`}
    />
  );
}

const columnsOf = (byDate: boolean): Column<DataFinding>[] => [
  { key: "problem", header: "Problem", card: "title", cell: (each) => each.problem.replaceAll("_", " ") },
  { key: "line", header: "Line", align: "right", card: "hidden", cell: (each) => each.line ?? "" },
  {
    key: "count",
    header: "Count",
    align: "right",
    card: "hidden",
    cell: (each) => <Num value={each.count} as={whole} />,
  },
  { key: "sentence", header: "What", card: "wide", cell: (each) => each.sentence },
  { key: "gravity", header: "Gravity", card: "title", cell: (each) => <Gravity gravity={each.gravity} isChecked /> },
  {
    key: "first",
    header: byDate ? "First session" : "First",
    card: "hidden",
    // The date of a session is a date, in no zone.
    cell: (each) => (byDate ? (each.first_at?.slice(0, 10) ?? "") : <When at={each.first_at} />),
  },
];
