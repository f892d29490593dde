import type { KeyboardEvent, ReactNode } from "react";
import { Cells } from "./Cells";
import { HeadCell, pinnedOf } from "./HeadCell";
import { moveFocus } from "./rowFocus";

/** One column: its header (with the unit), what stands in a cell, and what becomes of it on a narrow screen. */
export type Column<Row> = {
  key: string;
  header: string;
  /** The header is for those who listen; what stands below says enough to those who see. */
  quiet?: boolean;
  cell: (row: Row) => ReactNode;
  align?: "left" | "right";
  /** By this the server can sort. */
  sort?: string;
  /** On a narrow screen a row is a card: its title, a named value below, a sentence in all its width, or nothing. */
  card?: "title" | "line" | "wide" | "hidden";
};

/** `name` rises, `-name` falls. */
export type Sort = string | undefined;

type Props<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  total?: number;
  first?: number;
  sort?: Sort;
  onSort?: (sort: string) => void;
  onOpen?: (row: Row) => void;
  selected?: (row: Row) => boolean;
};

/** Rows of the server in a real table; below 768 px each row becomes a card. */
export function DataTable<Row>({ caption, columns, rows, rowKey, total, first = 0, ...rest }: Props<Row>) {
  const { sort, onSort, onOpen, selected } = rest;
  const pinned = pinnedOf(columns);
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, row: Row): void => {
    if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(row);
    else moveFocus(event);
  };
  return (
    <div tabIndex={onOpen ? undefined : 0} className="relative md:overflow-x-auto">
      <table aria-rowcount={(total ?? rows.length) + 1} className="cards w-full border-collapse text-base">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column, index) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} isPinned={index === pinned} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={first + index + 2}
              aria-selected={selected ? selected(row) : undefined}
              tabIndex={onOpen ? 0 : undefined}
              onClick={onOpen && ((event) => opens(event.target) && onOpen(row))}
              onKeyDown={onOpen && ((event) => onKey(event, row))}
              className={`bg-page ${onOpen ? "cursor-pointer hover:bg-surface aria-selected:bg-surface" : ""}`}
            >
              <Cells columns={columns} row={row} pinned={pinned} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A click on a link or a button inside a row is theirs, not the row's. */
export function opens(target: EventTarget): boolean {
  return target instanceof Element && !target.closest("a, button, input, label, summary");
}
