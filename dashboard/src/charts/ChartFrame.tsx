import { type ReactNode, useState } from "react";

/** What the keys and buttons of a chart with a time axis do. */
export type ChartControls = { zoom: (factor: number) => void; fit: () => void };

/** The numbers of a chart as a table. */
export type ChartTable = { head: string[]; rows: string[][]; note?: string };

type Props = {
  title: string;
  summary: string;
  summaryId: string;
  controls?: ChartControls;
  table: () => ChartTable;
  tools?: ReactNode;
  children: ReactNode;
};

const BUTTON = "target rounded-md border border-line px-2 text-sm hover:bg-surface";

/** A chart with its title, its one-sentence summary, its tools and "show as table". */
export function ChartFrame({ title, summary, summaryId, controls, table, tools, children }: Props) {
  const [isTable, setTable] = useState(false);
  const onKey = (event: React.KeyboardEvent) => {
    if (!controls || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") controls.zoom(1.5);
    else if (event.key === "-") controls.zoom(1 / 1.5);
    else if (event.key === "0") controls.fit();
  };
  return (
    <figure className="flex min-w-0 flex-col gap-2" onKeyDown={onKey}>
      <figcaption className="flex flex-wrap items-center gap-2">
        <span className="font-semibold text-lg">{title}</span>
        <span className="grow" />
        {tools}
        {controls && !isTable && (
          <span className="flex gap-1">
            <button
              type="button"
              className={BUTTON}
              aria-label="Zoom in"
              title="Zoom in (+)"
              onClick={() => controls.zoom(1.5)}
            >
              +
            </button>
            <button
              type="button"
              className={BUTTON}
              aria-label="Zoom out"
              title="Zoom out (−)"
              onClick={() => controls.zoom(1 / 1.5)}
            >
              −
            </button>
            <button type="button" className={BUTTON} title="Show everything (0)" onClick={controls.fit}>
              Fit
            </button>
          </span>
        )}
        <button type="button" className={BUTTON} aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? "Show as chart" : "Show as table"}
        </button>
      </figcaption>
      <p id={summaryId} className="text-muted text-sm">
        {summary}
      </p>
      {isTable && <TableOfChart title={title} {...table()} />}
      <div hidden={isTable} className="min-w-0">
        {children}
      </div>
    </figure>
  );
}

function TableOfChart({ title, head, rows, note }: ChartTable & { title: string }) {
  return (
    <section
      className="relative max-h-96 overflow-auto rounded-md border border-line"
      aria-label={`${title} as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr>
            {head.map((cell, index) => (
              <th key={cell} scope="col" className={`px-2 py-1 font-medium ${index ? "text-right" : "text-left"}`}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]} className="border-line border-t">
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells of a row have no other name than their place
                <td key={index} className={`whitespace-nowrap px-2 py-0.5 ${index ? "text-right" : ""}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {note && <p className="p-2 text-muted text-sm">{note}</p>}
    </section>
  );
}
