import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";
import type { RowWindow } from "./useRowWindow";

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 12, PageUp: -12 };

/** Where a key leads in a list of that many rows, from a row or from none; undefined where it leads nowhere. */
export function steppedTo(key: string, from: number | null, first: number, total: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return total - 1;
  const step = STEPS[key];
  if (!step) return undefined;
  return from === null ? first : Math.min(total - 1, Math.max(0, from + step));
}

const isOutside = (index: number | null, { first, stop }: RowWindow): boolean =>
  index !== null && (index < first || index >= stop);

/** The focus of a list of which only a window is drawn: keys move it, and it is not lost with a row that goes. */
export function useRowFocus(
  box: RefObject<HTMLElement | null>,
  drawn: RowWindow,
  total: number,
  reveal: (index: number) => void,
) {
  const focused = useRef<number | null>(null);
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (wanted.current !== null) {
      element?.querySelector<HTMLElement>(`tr[data-row="${wanted.current}"]`)?.focus({ preventScroll: true });
      wanted.current = null;
    } else if (isOutside(focused.current, drawn) && document.activeElement === document.body) {
      element?.focus({ preventScroll: true });
      focused.current = null;
    }
  });
  const first = (): number => {
    const seen = [...(box.current?.querySelectorAll<HTMLElement>("tr[data-row]") ?? [])];
    const head = box.current?.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
    return Number(seen.find((row) => row.getBoundingClientRect().top >= head)?.dataset.row ?? drawn.first);
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, act: (event: KeyboardEvent, index: number) => void): void => {
    const row = event.target instanceof HTMLTableRowElement ? Number(event.target.dataset.row) : null;
    if ((row === null && event.target !== box.current) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = steppedTo(event.key, row, first(), total);
    if (next === undefined) {
      if (row !== null) act(event, row);
      return;
    }
    event.preventDefault();
    wanted.current = next;
    reveal(next);
    box.current?.querySelector<HTMLElement>(`tr[data-row="${next}"]`)?.focus({ preventScroll: true });
  };
  return { onKey, tell: (index: number | null) => (focused.current = index) };
}
