import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "@/format/compact";
import { percent } from "@/format/percent";
import { valueLabels, wideEnough } from "./axis";
import { type Columns, indexAt, lowest, withFiner, withLines } from "./columns";
import { columnsOf } from "./columnsOf";
import { type Mark, marksInView, stacked } from "./markers";
import { bucketsFor, tileFor } from "./tiles";

const rising = fc
  .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 60 })
  .map((times) => times.sort((a, b) => a - b));

function line(t: number[]): Columns {
  const cells = t.map((each) => each * 2);
  return { t, lines: { equity: { first: cells, min: cells, max: cells, last: cells } }, bars: {}, isRaw: false };
}

describe("a finer stretch inside a coarse picture", () => {
  it("gives rising times, each with its own value, and nothing that is not in one of the two", () => {
    fc.assert(
      fc.property(rising, rising, (coarse, fine) => {
        const joined = withFiner(line(coarse), line(fine));
        expect(joined.t.every((each, index) => index === 0 || each > (joined.t[index - 1] ?? 0))).toBe(true);
        expect(joined.lines.equity?.last).toEqual(joined.t.map((each) => each * 2));
        expect(joined.t.filter((each) => each >= (fine[0] ?? 0) && each <= (fine.at(-1) ?? 0))).toEqual(fine);
      }),
    );
  });

  it("has no values where the finer one lacks a line", () => {
    const joined = withFiner(line([0, 10, 20]), { ...line([9, 10, 11]), lines: {} });
    expect(joined.lines.equity?.last).toEqual([0, null, null, null, 40]);
  });

  it("is the coarse picture itself while nothing finer is there", () => {
    const coarse = line([1, 2]);
    expect(withFiner(coarse, null)).toBe(coarse);
  });
});

describe("lines beside others", () => {
  const more = { ...line([1, 2, 3]), lines: { "sma:2": { first: [7], min: [7], max: [7], last: [7] } } };

  it("are joined where their times are the same, and wait where they are not", () => {
    expect(Object.keys(withLines(line([1, 2, 3]), more).lines)).toEqual(["equity", "sma:2"]);
    const other = line([1, 2, 4]);
    expect(withLines(other, more)).toBe(other);
    expect(withLines(other, null)).toBe(other);
  });

  it("know their least value, and that there may be none", () => {
    const cells = [null, -3, 2];
    const found = { ...line([1, 2, 3]), lines: { a: { first: cells, min: cells, max: cells, last: cells } } };
    expect([lowest(found, "a"), lowest(found, "b")]).toEqual([-3, null]);
  });
});

describe("a tile", () => {
  const view = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 60, max: 1e6 }));

  it("holds the whole view and at most four times as much", () => {
    fc.assert(
      fc.property(view, ([from, length]) => {
        const tile = tileFor({ from, to: from + length }, { from: 0, to: 1e10 });
        expect(tile && tile.from <= from && tile.to >= from + length).toBe(true);
        expect((tile?.to ?? 0) - (tile?.from ?? 0)).toBeLessThanOrEqual(4 * length);
      }),
    );
  });

  it("stays the same while the view moves inside one cell of the grid", () => {
    const whole = { from: 0, to: 1e10 };
    expect(tileFor({ from: 7_200, to: 10_000 }, whole)).toEqual(tileFor({ from: 7_300, to: 10_100 }, whole));
  });

  it("is not asked for where the whole is hardly longer than the view", () => {
    expect(tileFor({ from: 0, to: 3_000 }, { from: 0, to: 5_000 })).toBeNull();
  });
});

describe("buckets", () => {
  it("are asked for in doublings of the pane's width", () => {
    expect([bucketsFor(300, 1), bucketsFor(390, 3), bucketsFor(1_400, 1), bucketsFor(9_000, 2)]).toEqual([
      500, 2_000, 2_000, 4_000,
    ]);
  });
});

describe("marks", () => {
  const marks = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 1_000 }), side: fc.constantFrom("buy" as const, "sell" as const) }),
    { maxLength: 300 },
  );
  const whole = (found: { at: number; side: "buy" | "sell" }[]): Mark[] =>
    found.map((each, index) => ({ ...each, price: 1, trade: index }));

  it("are never more than allowed, and together count every fill in view", () => {
    fc.assert(
      fc.property(marks, fc.integer({ min: 2, max: 40 }), (found, most) => {
        const drawn = marksInView(whole(found), { from: 100, to: 900 }, most);
        const inside = found.filter(({ at }) => at >= 100 && at <= 900);
        expect(drawn.length).toBeLessThanOrEqual(most);
        expect(drawn.reduce((sum, each) => sum + each.count, 0)).toBe(inside.length);
      }),
    );
  });
});

describe("marks on one bar", () => {
  it("are one per side, with their count", () => {
    const mark = (at: number, side: "buy" | "sell") => ({ at, side, price: 1, trade: at, count: 1 });
    const found = stacked([mark(1, "buy"), mark(2, "buy"), mark(2, "sell"), mark(11, "buy")], (at) =>
      Math.floor(at / 10),
    );
    expect(found.map(({ at, side, count }) => [at, side, count])).toEqual([
      [1, "buy", 2],
      [2, "sell", 1],
      [11, "buy", 1],
    ]);
  });
});

describe("the place of a time", () => {
  it("is the last one that is not after it", () => {
    expect([indexAt([10, 20, 30], 5), indexAt([10, 20, 30], 20), indexAt([10, 20, 30], 29)]).toEqual([0, 1, 1]);
  });
});

describe("a series document", () => {
  it("of rows as they are has one value for all four numbers of a line", () => {
    const found = columnsOf({
      t: [1, 2],
      lines: { equity: { first: null, min: null, max: null, last: [5, null] } },
      bars: null,
      method: "raw",
    });
    expect(found.lines.equity).toEqual({ first: [5, null], min: [5, null], max: [5, null], last: [5, null] });
    expect(found.isRaw).toBe(true);
  });
});

describe("labels of the axis of values", () => {
  it("have more decimals where they would say the same", () => {
    expect(valueLabels([99_998, 100_000, 100_002], compact)).toEqual(["99,998", "100,000", "100,002"]);
    expect(valueLabels([99_999.8, 100_000, 100_000.2], compact)).toEqual(["99,999.8", "100,000.0", "100,000.2"]);
    expect(valueLabels([12_345_600, 12_345_800], compact)).toEqual(["12.3456 m", "12.3458 m"]);
    expect(valueLabels([0, 0.00002], (value, more) => percent(value, { more }))).toEqual(["0.000 %", "0.002 %"]);
  });

  it("end where no decimal tells them apart", () => {
    expect(valueLabels([1, 1], compact)).toEqual(["1.0000000000", "1.0000000000"]);
  });
});

describe("the values in view", () => {
  const seen = (minValue: number, maxValue: number) => wideEnough({ priceRange: { minValue, maxValue } })?.priceRange;

  it("are as they are where they move", () => {
    expect(seen(90, 110)).toEqual({ minValue: 90, maxValue: 110 });
    expect(wideEnough(null)).toBeNull();
  });

  it("are widened where they hardly do, so that digits after the cents are no mountains", () => {
    expect(seen(100_000, 100_000)).toEqual({ minValue: 99_995, maxValue: 100_005 });
    expect(seen(0, 0)).toEqual({ minValue: -0.005, maxValue: 0.005 });
  });
});
