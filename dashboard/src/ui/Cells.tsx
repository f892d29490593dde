import type { Column } from "./DataTable";

/** The cells of a row, in a table or on a card. */
export function Cells<Row>({ columns, row, pinned }: { columns: readonly Column<Row>[]; row: Row; pinned: number }) {
  return columns.map((column, index) => (
    <td
      key={column.key}
      data-label={column.card === "title" ? undefined : column.header}
      data-card={column.card ?? "line"}
      className={`${column.align === "right" ? "text-right" : ""} ${index === pinned ? "pinned" : ""}`}
    >
      {column.cell(row)}
    </td>
  ));
}
