import { beforeEach, describe, expect, it } from "vitest";
import { type Draft, firstDraft, firstVary, keepDraft, type Param, requestOf, symbolsOf, withSource } from "./draft";

const param = (part: Partial<Param>): Param => ({
  name: "fast",
  type: "int",
  default: 10,
  value: 10,
  low: 2,
  high: 60,
  step: null,
  choices: null,
  doc: "",
  ...part,
});
const draft = (part: Partial<Draft> = {}): Draft => ({ ...firstDraft({}), strategy: "sma_cross", ...part });

beforeEach(() => localStorage.clear());

describe("a new run", () => {
  it("sends money as it was typed, never through a float", () => {
    expect(requestOf(draft({ cash: "100000.10", symbols: "ACME" }), []).cash).toBe("100000.10");
  });

  it("sends only parameters that were touched, in their own type", () => {
    const params = [
      param({}),
      param({ name: "slow" }),
      param({ name: "on", type: "bool" }),
      param({ name: "of", type: "str" }),
    ];
    const asked = requestOf(draft({ params: { fast: "12", on: "true", of: "high" } }), params);
    expect(asked.params).toEqual({ fast: 12, on: true, of: "high" });
    expect(asked.space).toBeUndefined();
  });

  it("of a search varies what may vary, and holds the rest", () => {
    const params = [param({}), param({ name: "free", type: "float", low: null, high: null })];
    const asked = requestOf(draft({ kind: "optimize", params: { fast: "12", free: "0.5" } }), params);
    expect(asked.space).toEqual({ fast: { low: 2, high: 60, step: 6 } });
    expect(asked.params).toEqual({ free: 0.5 });
  });

  it("without costs says so by name", () => {
    expect(requestOf(draft({ isFree: true }), []).costs).toBe("none");
    expect(requestOf(draft({ slippage: "10", commission: "0.50" }), []).costs).toEqual({
      slippage_bps: 10,
      commission: "per-trade:0.50",
    });
  });

  it("says as of when and which hours of the stored bars are meant", () => {
    expect(requestOf(draft({ timeframe: "30m", hours: "regular", asOf: "2024-01-12" }), [])).toMatchObject({
      as_of: "2024-01-12",
      hours: "regular",
    });
    expect(requestOf(draft({ timeframe: "1d", hours: "regular" }), []).hours).toBeUndefined();
    expect(withSource(draft({ hours: "regular", asOf: "2024-01-12" }), "synthetic")).toMatchObject({
      hours: "",
      asOf: "",
    });
  });

  it("remembers the last choices but not the name, and drops parameters of another strategy", () => {
    keepDraft(draft({ name: "mine", cash: "5000", params: { fast: "12" } }));
    expect(firstDraft({})).toMatchObject({ name: "", cash: "5000", params: { fast: "12" } });
    expect(firstDraft({ strategy: "pairs" })).toMatchObject({ strategy: "pairs", cash: "5000", params: {} });
  });

  it("on a made-up market has a made-up symbol, and back on the store none", () => {
    const made = withSource(draft({ symbols: "AAPL" }), "synthetic");
    expect(made.symbols).toBe("ACME");
    expect(withSource(made, "store").symbols).toBe("");
  });

  it("reads symbols however they are separated", () => {
    expect(symbolsOf(" AAPL, MSFT\nAAPL ")).toEqual(["AAPL", "MSFT"]);
  });

  it("proposes about ten steps of a declared range", () => {
    expect(firstVary(param({ type: "float", low: 0.5, high: 3.5 }))).toEqual({
      isOn: true,
      low: "0.5",
      high: "3.5",
      step: "0.3",
    });
  });
});
