import { describe, expect, it } from "vitest";
import { lastYear } from "./CompareSources";
import { lanesOf } from "./coverage";
import { fetchRequest, fetchSearch, firstFetch } from "./fetchDraft";
import { FIRST_DRAFT, lackOf, requestOf } from "./importDraft";
import type { DataFinding, SeriesQuality } from "./queries";

const found = (problem: string, first: string | null, last = first, rest: Partial<DataFinding> = {}): DataFinding => ({
  problem,
  gravity: "warn",
  count: 1,
  first_at: first,
  last_at: last,
  line: null,
  sentence: "",
  ...rest,
});

const series = (findings: DataFinding[], timeframe = "1d"): SeriesQuality =>
  ({ findings, timeframe, first_at: "2024-01-01T00:00:00Z", last_at: "2024-01-10T00:00:00Z" }) as SeriesQuality;

describe("the lanes of a coverage strip", () => {
  it("place each finding between the first bar and the end of the last", () => {
    const [gaps] = lanesOf(series([found("gap", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z", { count: 2 })]));
    expect(gaps).toMatchObject({ key: "gap", count: 2, marks: [{ from: 0.2, to: 0.4, isThin: false }] });
  });

  it("are there for what was found, and for gaps always", () => {
    const lanes = lanesOf(series([found("duplicate", null), found("impossible", "2024-01-05T00:00:00Z")]));
    expect(lanes.map(({ key, count, marks }) => [key, count, marks.length])).toEqual([
      ["gap", 0, 0],
      ["duplicate", 1, 0],
      ["refused", 1, 1],
    ]);
  });

  it("draw thinly what holds others inside of it, for then not all of it is missing", () => {
    const [gaps] = lanesOf(
      series([
        found("gap", "2024-01-04T00:00:00Z"),
        found("gap", "2024-01-02T00:00:00Z", "2024-01-09T00:00:00Z", { count: 3 }),
      ]),
    );
    expect(gaps?.marks.map(({ isThin }) => isThin)).toEqual([false, true]);
  });
});

describe("the draft of an import", () => {
  const one = [new File(["x"], "acme.csv")];

  it("says nothing of what is empty, and of stored bars only what was chosen", () => {
    expect(requestOf({ ...FIRST_DRAFT, symbol: " ACME ", stored: "append" }, 1)).toEqual({
      symbols: ["ACME"],
      symbol_from: null,
      timeframe: "1d",
      calendar: "XNYS",
      tz: null,
      stamp: null,
      bad_rows: "drop",
      append: true,
      replace: null,
    });
    expect(requestOf(FIRST_DRAFT, 2)).toMatchObject({ symbols: null, symbol_from: "{symbol}" });
  });

  it("names what is missing", () => {
    expect(lackOf(FIRST_DRAFT, [])).toContain("file");
    expect(lackOf(FIRST_DRAFT, one)).toContain("whose");
    expect(lackOf({ ...FIRST_DRAFT, symbol: "ACME" }, one)).toBeUndefined();
    expect(lackOf(FIRST_DRAFT, [...one, ...one])).toBeUndefined();
  });
});

describe("a comparison from the page of an instrument", () => {
  it("is of the last year of what is stored, or of all of it", () => {
    expect(lastYear({ first: "2010-01-04", last: "2024-01-10" })).toEqual({ start: "2023-01-10", end: "2024-01-10" });
    expect(lastYear({ first: "2023-11-01T14:30:00Z", last: "2024-01-10T20:55:00Z" })).toEqual({
      start: "2023-11-01",
      end: "2024-01-10",
    });
  });
});

describe("the draft of a fetch", () => {
  it("begins with what the address asks for", () => {
    expect(fetchSearch({ symbols: "ACME", timeframe: "", source: 7 })).toEqual({ symbols: "ACME" });
    expect(firstFetch({ symbols: "ACME" })).toMatchObject({ source: "auto", symbols: "ACME", timeframe: "1d" });
  });

  it("says nothing of what is empty, and each symbol once", () => {
    expect(fetchRequest({ ...firstFetch({ symbols: "ACME, BETA ACME" }), start: "2024-01-02" }, false)).toEqual({
      source: "auto",
      symbols: ["ACME", "BETA"],
      timeframe: "1d",
      start: "2024-01-02",
      end: null,
      hours: null,
      refresh: null,
    });
    expect(fetchRequest({ ...firstFetch({}), hours: "extended" }, false).hours).toBe("extended");
  });
});
