import { useState } from "react";
import { useSession } from "@/api/auth";

type Kept = { hidden: string[]; order: string[] };
type Named = { key: string; header: string };

/** The columns of a table as a person wants them, and the ways to change that. */
export type ColumnPlan<Col extends Named> = {
  shown: Col[];
  /** Those that may be hidden and moved, in their order. */
  movable: Col[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
  /** One place up (-1) or down (1). */
  move: (key: string, step: -1 | 1) => void;
};

type Options = { hidden?: readonly string[]; fixed?: ReadonlySet<string> };

const NONE: ReadonlySet<string> = new Set();
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

function kept(place: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(place) ?? "null");
    return found && typeof found === "object" ? { hidden: texts(found.hidden), order: texts(found.order) } : null;
  } catch {
    return null; // what another hand wrote there is worth nothing
  }
}

/** Columns in the chosen order; one that nobody placed comes where it was declared. */
function inOrder<Col extends Named>(columns: readonly Col[], order: readonly string[]): Col[] {
  const known = columns.filter(({ key }) => order.includes(key));
  known.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return columns.map((column) => (order.includes(column.key) ? (known.shift() ?? column) : column));
}

/** Which columns of a table a person sees and in which order, kept in the browser under the person's name. */
export function useColumns<Col extends Named>(
  table: string,
  columns: readonly Col[],
  { hidden: atFirst = [], fixed = NONE }: Options = {},
): ColumnPlan<Col> {
  const place = `tradewright.columns.${useSession()?.user.name ?? ""}.${table}`;
  const [choice, setChoice] = useState<Kept>(() => kept(place) ?? { hidden: [...atFirst], order: [] });
  const hidden = new Set(choice.hidden);
  const all = inOrder(columns, choice.order);
  const movable = all.filter(({ key }) => !fixed.has(key));
  const keep = (next: Kept): void => {
    localStorage.setItem(place, JSON.stringify(next));
    setChoice(next);
  };
  return {
    shown: all.filter(({ key }) => fixed.has(key) || !hidden.has(key)),
    movable,
    hidden,
    toggle: (key) => {
      const next = hidden.has(key) ? choice.hidden.filter((each) => each !== key) : [...choice.hidden, key];
      keep({ ...choice, hidden: next });
    },
    move: (key, step) => {
      const order = movable.map((each) => each.key);
      const at = order.indexOf(key);
      order.splice(Math.max(0, at + step), 0, ...order.splice(at, 1));
      keep({ ...choice, order });
    },
  };
}
