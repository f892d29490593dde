import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Icon } from "./Icon";
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
  /** On a narrow screen a row is a card: the title, a named line below it, or nothing. */
  card?: "title" | "line" | "hidden";
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
  /** On a wide screen it scrolls in a box of its own, so that what stands above it stays in view. */
  boxed?: boolean;
};

/** Rows of the server in a real table; below 768 px each row becomes a card. */
export function DataTable<Row>({ caption, columns, rows, rowKey, total, first = 0, ...rest }: Props<Row>) {
  const { sort, onSort, onOpen, selected, boxed } = rest;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (boxed && box.current) showSelected(box.current);
  });
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, row: Row): void => {
    if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(row);
    else moveFocus(event);
  };
  return (
    <div
      ref={box}
      tabIndex={boxed || !onOpen ? 0 : undefined}
      className={
        boxed
          ? "relative rounded-md border-line md:max-h-128 md:overflow-auto md:border"
          : "relative md:overflow-x-auto"
      }
    >
      <table aria-rowcount={(total ?? rows.length) + 1} className="cards w-full border-collapse text-base">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Header key={column.key} column={column} sort={sort} onSort={onSort} />
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
              className={onOpen ? "cursor-pointer hover:bg-surface aria-selected:bg-surface" : ""}
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-label={column.card === "title" ? undefined : column.header}
                  data-card={column.card ?? "line"}
                  className={column.align === "right" ? "text-right" : ""}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Bring the selected row into the box, without moving the page. */
function showSelected(box: HTMLElement): void {
  const row = box.querySelector<HTMLElement>("tr[aria-selected=true]");
  const head = box.querySelector<HTMLElement>("thead")?.offsetHeight ?? 0;
  if (!row || box.scrollHeight <= box.clientHeight) return;
  if (row.offsetTop - head < box.scrollTop) box.scrollTop = row.offsetTop - head;
  const below = row.offsetTop + row.offsetHeight - box.clientHeight;
  if (below > box.scrollTop) box.scrollTop = below;
}

/** A click on a link or a button inside a row is theirs, not the row's. */
function opens(target: EventTarget): boolean {
  return target instanceof Element && !target.closest("a, button, input, label, summary");
}

type HeaderProps<Row> = { column: Column<Row>; sort?: Sort; onSort?: (sort: string) => void };

function Header<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  const by = column.sort;
  const right = column.align === "right" ? "text-right" : "text-left";
  if (!by || !onSort) {
    return (
      <th scope="col" className={right}>
        {column.quiet ? <span className="sr-only">{column.header}</span> : column.header}
      </th>
    );
  }
  const state = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
  return (
    <th scope="col" aria-sort={state} className={right}>
      <button
        type="button"
        className="inline-flex items-center gap-1 rounded-sm hover:text-text"
        onClick={() => onSort(state === "descending" ? by : `-${by}`)}
      >
        {column.header}
        {state !== "none" && <Icon name={state === "ascending" ? "up" : "down"} className="size-3!" />}
      </button>
    </th>
  );
}
