import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react";
import { Cells } from "./Cells";
import { type Column, opens, type Sort } from "./DataTable";
import { HeadCell, pinnedOf } from "./HeadCell";
import { useRowFocus } from "./useRowFocus";
import type { Rows } from "./useRows";
import { type RowWindow, useRowWindow } from "./useRowWindow";

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: Rows<Row>;
  total: number;
  /** Asks for the rows that are about to be seen. */
  onWindow: (drawn: RowWindow) => void;
  sort?: Sort;
  onSort?: (sort: string) => void;
  onOpen?: (row: Row) => void;
  selected?: (row: Row) => boolean;
  /** Place of a row to bring into view. */
  shown?: number;
  /** When it changes, the list begins at its top again. */
  order?: string;
};

/** A list of any length in a box that scrolls: only the rows in view are there, and each says which one it is. */
export function LongTable<Row>({ caption, columns, rows, total, onWindow, shown, order, ...rest }: Props<Row>) {
  const box = useRef<HTMLElement>(null);
  const { drawn, height, look, reveal } = useRowWindow(box, total);
  const { onKey, tell } = useRowFocus(box, drawn, total, reveal);
  const pinned = pinnedOf(columns);
  const latest = useRef({ reveal, onWindow });
  latest.current = { reveal, onWindow };

  useEffect(() => latest.current.onWindow(drawn), [drawn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order is what brings it back to its top
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [order]);
  useEffect(() => {
    if (shown !== undefined) latest.current.reveal(shown);
  }, [shown]);

  const act = (event: KeyboardEvent, index: number): void => {
    const row = rows.at(index);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (row && isPlain && (event.key === "Enter" || event.key === "x")) rest.onOpen?.(row);
  };
  return (
    <section
      ref={box}
      aria-label={caption}
      aria-busy={rows.isOld || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
      onScroll={look}
      onKeyDown={(event) => onKey(event, act)}
      className="relative h-128 max-h-[70dvh] overflow-auto rounded-md border border-line"
      style={{ height: `min(32rem, 70dvh, ${Math.ceil((total + 1) * height) + 4}px)` }}
    >
      <table aria-rowcount={total + 1} className="cards long w-full border-collapse text-base">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column, index) => (
              <HeadCell
                key={column.key}
                column={column}
                sort={rest.sort}
                onSort={rest.onSort}
                isPinned={index === pinned}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={drawn.first * height} />
          {Array.from({ length: drawn.stop - drawn.first }, (_, place) => {
            const index = drawn.first + place;
            const row = rows.at(index);
            return (
              <tr
                key={index}
                data-row={index}
                aria-rowindex={index + 2}
                aria-selected={row && rest.selected ? rest.selected(row) : undefined}
                tabIndex={-1}
                onFocus={() => tell(index)}
                onBlur={({ target }) => target.isConnected && tell(null)}
                onClick={row && rest.onOpen && ((event) => opens(event.target) && rest.onOpen?.(row))}
                className={`bg-page hover:bg-surface aria-selected:bg-surface ${rest.onOpen ? "cursor-pointer" : ""}`}
              >
                {row ? <Cells columns={columns} row={row} pinned={pinned} /> : <td colSpan={columns.length}>…</td>}
              </tr>
            );
          })}
          <Space height={(total - drawn.stop) * height} />
        </tbody>
      </table>
    </section>
  );
}

/** The room of the rows that are not drawn. */
function Space({ height }: { height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
  return height > 0 ? <tr aria-hidden="true" style={{ height }} className="border-0!" /> : null;
}
