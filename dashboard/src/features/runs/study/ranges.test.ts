import { describe, expect, it } from "vitest";
import { runSearch } from "../detail/search";
import { varyOf } from "../new/likeRun";
import { rangesOf, withinOf } from "./ranges";

describe("ranges in the address", () => {
  it("come back as they went", () => {
    const ranges = [
      { name: "fast", low: 5, high: 20 },
      { name: "max_drawdown", low: -0.3, high: -0.1 },
    ];
    expect(rangesOf(withinOf(ranges))).toEqual(ranges);
    expect(withinOf([])).toBeUndefined();
  });

  it("are left out where they are none", () => {
    expect(rangesOf(["fast:a:b"])).toEqual([]);
    expect(runSearch({ ranges: ["fast:1:2", "nonsense", 7], picked: [1, "x", -2, 3] })).toEqual({
      ranges: ["fast:1:2"],
      picked: [1, 3],
    });
  });
});

describe("what was searched, as the form has it", () => {
  it("is a stretch where the values lie at even steps", () => {
    expect(varyOf({ values: [5, 10, 15] })).toEqual({ isOn: true, low: "5", high: "15", step: "5" });
    expect(varyOf({ low: 1, high: 9, step: 2 })).toEqual({ isOn: true, low: "1", high: "9", step: "2" });
  });

  it("is left to the strategy where they do not", () => {
    expect(varyOf({ values: [5, 10, 30] })).toBeNull();
    expect(varyOf({ values: ["a", "b"] })).toBeNull();
    expect(varyOf({ low: 0.1, high: 0.9, step: null })).toBeNull();
  });
});
