import { type QueryKey, type UseQueryOptions, useQueries } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { RowWindow } from "./useRowWindow";

type Paged<Row> = { items: Row[]; total: number };
type PageQuery<Page, Key extends QueryKey> = UseQueryOptions<Page, Error, Page, Key>;

/** The rows of a list of the server that have come so far. */
export type Rows<Row> = { total: number | undefined; at: (index: number) => Row | undefined; isOld: boolean };

export type FoundRows<Row> = {
  rows: Rows<Row>;
  /** Ask for the rows of a window. */
  want: (drawn: RowWindow) => void;
  error: Error | null;
  refetch: () => void;
};

/** Rows in a page of a long list. */
export const ROWS_A_PAGE = 100;

/**
 * The rows of a long list around a window, page by page. While the first page of another filter is on its way the rows
 * of the one before stay, marked as old.
 */
export function useRows<Page extends Paged<unknown>, Key extends QueryKey>(
  pageQuery: (page: number) => PageQuery<Page, Key>,
): FoundRows<Page["items"][number]> {
  const [pages, setPages] = useState<number[]>([1]);
  const found = useQueries({
    queries: pages.map((page) => ({ ...pageQuery(page), placeholderData: undefined })),
  });
  const known = new Map(pages.map((page, index) => [page, found[index]?.data]));
  const total = found.find((each) => each.data)?.data?.total;
  const fresh: Rows<Page["items"][number]> = {
    total,
    at: (index) => known.get(Math.floor(index / ROWS_A_PAGE) + 1)?.items[index % ROWS_A_PAGE],
    isOld: false,
  };
  const before = useRef(fresh);
  if (total !== undefined) before.current = fresh;
  const want = ({ first, stop }: RowWindow): void => {
    const [from, to] = [Math.floor(first / ROWS_A_PAGE) + 1, Math.max(1, Math.ceil(stop / ROWS_A_PAGE))];
    if (pages[0] === from && pages.at(-1) === to) return;
    setPages(Array.from({ length: to - from + 1 }, (_, index) => from + index));
  };
  const rows = total === undefined ? { ...before.current, isOld: true } : fresh;
  const failed = found.find((each) => each.error);
  const refetch = (): void => {
    for (const each of found) void each.refetch();
  };
  return { rows, want, error: failed?.error ?? null, refetch };
}
