import { useState } from "react";

const KEY = "tradewright.columns.";

function kept(table: string): string[] | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY + table) ?? "null");
    return Array.isArray(found) ? found.filter((each) => typeof each === "string") : null;
  } catch {
    return null;
  }
}

/** Which columns of a table a person hides, kept in the browser; `atFirst` before anybody chose. */
export function useHiddenColumns(
  table: string,
  atFirst: readonly string[] = [],
): [ReadonlySet<string>, (column: string) => void] {
  const [hidden, setHidden] = useState(() => new Set(kept(table) ?? atFirst));
  const toggle = (column: string) => {
    const next = new Set(hidden);
    if (!next.delete(column)) next.add(column);
    localStorage.setItem(KEY + table, JSON.stringify([...next]));
    setHidden(next);
  };
  return [hidden, toggle];
}
