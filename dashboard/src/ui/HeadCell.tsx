import type { Column, Sort } from "./DataTable";
import { Icon } from "./Icon";

type Props<Row> = {
  column: Column<Row>;
  sort?: Sort;
  onSort?: (sort: string) => void;
  /** It stays in view when the table is moved sideways. */
  isPinned?: boolean;
};

/** The header of a column; one by which the server can sort is a button. */
export function HeadCell<Row>({ column, sort, onSort, isPinned = false }: Props<Row>) {
  const by = column.sort;
  const look = `${column.align === "right" ? "text-right" : "text-left"} ${isPinned ? "pinned" : ""}`;
  if (!by || !onSort) {
    return (
      <th scope="col" className={look}>
        {column.quiet ? <span className="sr-only">{column.header}</span> : column.header}
      </th>
    );
  }
  const state = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
  return (
    <th scope="col" aria-sort={state} className={look}>
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

/** Place of the column that stays in view: the first that says something. */
export function pinnedOf<Row>(columns: readonly Column<Row>[]): number {
  return columns.findIndex((column) => !column.quiet);
}
