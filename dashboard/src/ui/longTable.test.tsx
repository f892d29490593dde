import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { ColumnChoice } from "./ColumnChoice";
import type { Column } from "./DataTable";
import { useColumns } from "./useColumns";
import { steppedTo } from "./useRowFocus";
import { scrolledTo, windowAt } from "./useRowWindow";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

describe("the window of a long list", () => {
  it("holds every row in view, and never more than sixty", () => {
    const box = fc.tuple(fc.nat(4_000_000), fc.integer({ min: 40, max: 900 }), fc.nat(120_000));
    fc.assert(
      fc.property(box, fc.constantFrom(26, 33, 61), ([scrolled, seen, total], height) => {
        const at = Math.min(scrolled, Math.max(0, total * height - seen));
        const { first, stop } = windowAt(at, seen, height, total);
        expect(stop - first).toBeLessThanOrEqual(60);
        expect(first).toBeLessThanOrEqual(Math.floor(at / height));
        expect(stop).toBeGreaterThanOrEqual(Math.min(total, Math.floor((at + seen) / height)));
      }),
    );
  });

  it("moves no further than a row needs to be seen whole", () => {
    expect([0, 5, 30].map((index) => scrolledTo(index, 100, 200, 20, 20))).toEqual([0, 100, 440]);
  });
});

describe("keys in a long list", () => {
  it("step from row to row, begin with the first in view, and stop at both ends", () => {
    const keys = ["j", "k", "End", "Home", "PageDown", "q"];
    expect(keys.map((key) => steppedTo(key, null, 40, 1_000))).toEqual([40, 40, 999, 0, 40, undefined]);
    expect(keys.map((key) => steppedTo(key, 0, 40, 10))).toEqual([1, 0, 9, 0, 9, undefined]);
  });
});

const COLUMNS: Column<string>[] = ["One", "Two", "Three"].map((header) => ({
  key: header.toLowerCase(),
  header,
  cell: (row) => row,
}));

function Choice() {
  const plan = useColumns("things", COLUMNS, { hidden: ["three"], fixed: new Set(["one"]) });
  return (
    <>
      <p>{plan.shown.map(({ key }) => key).join(" ")}</p>
      <ColumnChoice plan={plan} />
    </>
  );
}

describe("columns of a table", () => {
  it("are shown, hidden and moved as a person chose, also after coming back", () => {
    const { unmount } = render(<Choice />);
    expect(screen.getByText("one two")).toBeTruthy();
    fireEvent.click(screen.getByLabelText("Three"));
    fireEvent.click(screen.getByLabelText("Move Three up"));
    expect(screen.getByText("one three two")).toBeTruthy();
    unmount();
    render(<Choice />);
    expect(screen.getByText("one three two")).toBeTruthy();
  });
});
