import type { Columns, LineColumns } from "./columns";

type Cells = (number | null)[];

/** The document of the API: of a line whose rows are drawn as they are, only the last values are sent. */
export type SeriesDocument = {
  t: number[];
  lines: Record<string, { first: Cells | null; min: Cells | null; max: Cells | null; last: Cells }>;
  bars: { open: Cells; high: Cells; low: Cells; close: Cells; volume: Cells } | null;
  method: "raw" | "bucketed";
};

/** The name under which the bars of a document stand among the columns. */
export const BARS = "bars";

/** A series document as columns to draw. */
export function columnsOf(document: SeriesDocument): Columns {
  const lines = Object.entries(document.lines).map(([name, line]): [string, LineColumns] => {
    const { last } = line;
    return [name, { first: line.first ?? last, min: line.min ?? last, max: line.max ?? last, last }];
  });
  return {
    t: document.t,
    lines: Object.fromEntries(lines),
    bars: document.bars ? { [BARS]: document.bars } : {},
    isRaw: document.method === "raw",
  };
}
