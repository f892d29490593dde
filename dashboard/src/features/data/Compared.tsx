import { decimal } from "@/format/decimal";
import { percent } from "@/format/percent";
import { type Column, DataTable } from "@/ui/DataTable";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import type { ComparedSeries } from "./queries";

type Props = { series: ComparedSeries; sources: readonly string[] };

/** One symbol of two sources: what explains the differences, what either lacks, what differs. */
export function Compared({ series, sources }: Props) {
  const { symbol, error, hint, same, rows, common, patterns, absent, worst, rows_differing } = series;
  const title = [series.instrument ?? symbol, series.timeframe].filter(Boolean).join(", ");
  if (error) {
    return (
      <Panel title={title} note={<StatusPill tone="fail" word="not compared" />}>
        <p>{[error, hint].filter(Boolean).join(" ")}</p>
      </Panel>
    );
  }
  return (
    <Panel title={title} note={<StatusPill tone={same ? "ok" : "notice"} word={same ? "the same" : "different"} />}>
      <div className="flex min-w-0 flex-col gap-5">
        <p>
          {sources.map((name, side) => `${name}: ${decimal(rows[side] ?? 0, 0)} bars`).join(", ")}; both have{" "}
          {decimal(common, 0)}, of which {decimal(rows_differing, 0)} differ.
        </p>
        <Told title="What explains it as a whole" columns={PATTERNS} rows={patterns} keyOf={(row) => row.sentence} />
        <Told
          title="Bars that one lacks"
          columns={absentColumns(sources)}
          rows={absent}
          keyOf={({ side, first }) => `${side} ${first}`}
        />
        <Told
          title="The furthest apart"
          columns={worstColumns(sources)}
          rows={worst}
          keyOf={({ at, name }) => `${at} ${name}`}
        />
      </div>
    </Panel>
  );
}

type TableProps<Row> = {
  title: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
};

/** A table under its heading; nothing where there is nothing to tell. */
function Told<Row>({ title, columns, rows, keyOf }: TableProps<Row>) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 font-semibold">{title}</h3>
      <DataTable caption={title} columns={columns} rows={rows} rowKey={keyOf} />
    </section>
  );
}

const PATTERNS: readonly Column<ComparedSeries["patterns"][number]>[] = [
  { key: "kind", header: "What", card: "title", cell: ({ kind }) => WORDS[kind] },
  { key: "from", header: "From", cell: ({ from }) => (from ? <When at={from} /> : "throughout") },
  { key: "sentence", header: "In words", card: "wide", cell: ({ sentence }) => sentence },
];

const WORDS: Record<ComparedSeries["patterns"][number]["kind"], string> = {
  shift: "shifted stamps",
  zone: "another zone",
  split: "a split",
  dividends: "dividends",
  scale: "another unit",
};

const absentColumns = (sources: readonly string[]): Column<ComparedSeries["absent"][number]>[] => [
  { key: "side", header: "Not in", card: "title", cell: ({ side }) => sources[side] },
  { key: "first", header: "From", cell: ({ first }) => <When at={first} /> },
  { key: "last", header: "To", cell: ({ last }) => <When at={last} /> },
  {
    key: "count",
    header: "Bars",
    align: "right",
    cell: ({ count }) => <Num value={count} as={(value) => decimal(value, 0)} />,
  },
];

const worstColumns = (sources: readonly string[]): Column<ComparedSeries["worst"][number]>[] => [
  { key: "at", header: "Bar", card: "title", cell: ({ at }) => <When at={at} /> },
  { key: "name", header: "Value", cell: ({ name }) => name },
  ...sources.map(
    (header, side): Column<ComparedSeries["worst"][number]> => ({
      key: `side${side}`,
      header,
      align: "right",
      cell: ({ values }) => String(values[side]),
    }),
  ),
  { key: "apart", header: "Apart", align: "right", cell: ({ relative }) => percent(relative) },
];
