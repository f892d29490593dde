import type { ReactNode } from "react";

/** A row of a comparison: what it is, and its value for every run. */
export type DiffRow = { key: string; label: ReactNode; cells: ReactNode[]; differs: boolean };

type Props = {
  caption: string;
  heads: ReactNode[];
  rows: DiffRow[];
  /** What stands there when no row is shown. */
  empty: string;
  align?: "left" | "right";
};

/** Runs side by side, a row per thing; rows that are equal everywhere are marked, not coloured. */
export function DiffTable({ caption, heads, rows, empty, align = "left" }: Props) {
  if (!rows.length) return <p className="text-muted">{empty}</p>;
  const side = align === "right" ? "text-right" : "text-left";
  return (
    <section
      className="relative overflow-x-auto rounded-md border border-line"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-surface">
          <tr>
            <td className="sticky left-0 bg-surface px-2 py-1.5" />
            {heads.map((head, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: runs stand in the order of the address
              <th key={index} scope="col" className={`px-2 py-1.5 font-medium ${side}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="border-line border-t">
              <th scope="row" className="sticky left-0 max-w-48 bg-page px-2 py-1.5 text-left font-normal text-muted">
                {row.label}
              </th>
              {row.cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: runs stand in the order of the address
                <td key={index} className={`px-2 py-1.5 align-top ${side}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
