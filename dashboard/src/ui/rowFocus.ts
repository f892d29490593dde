import type { KeyboardEvent } from "react";

const STEPS: Record<string, 1 | -1> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Move the focus to the next or the previous row of a table with `j` and `k` or the arrows. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (!step || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.currentTarget;
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
