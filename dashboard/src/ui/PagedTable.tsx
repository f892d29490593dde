import type { ComponentProps } from "react";
import { DataTable } from "./DataTable";
import { Pager } from "./Pager";

/** What the server answers where a list comes in pages. */
type Paged<Row> = { items: Row[]; page: number; per_page: number; total: number };

type Props<Row> = Omit<ComponentProps<typeof DataTable<Row>>, "rows" | "total" | "first"> & {
  found: Paged<Row>;
  onPage: (page: number) => void;
  words?: [back: string, on: string];
};

/** A page of a list of the server, and the way to the others. */
export function PagedTable<Row>({ found, onPage, words, ...table }: Props<Row>) {
  const { items, page, per_page: perPage, total } = found;
  return (
    <div>
      <DataTable {...table} rows={items} total={total} first={(page - 1) * perPage} />
      <Pager page={page} perPage={perPage} total={total} onPage={onPage} words={words} />
    </div>
  );
}
