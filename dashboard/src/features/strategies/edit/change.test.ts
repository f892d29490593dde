import { expect, test } from "vitest";
import type { StrategyDetail } from "../queries";
import { changesOf } from "./change";

const SEEN = {
  params: [
    { name: "fast", type: "int", value: 10 },
    { name: "sides", type: "bool", value: false },
  ],
  fields: [
    { key: "limits", value: "standard", kind: "choice", choices: ["none", "standard"] },
    { key: "universe", value: ["AAPL"], kind: "texts", choices: [] },
    { key: "cash", value: null, kind: "number", choices: [] },
    { key: "shorts", value: null, kind: "truth", choices: [] },
  ],
} as unknown as StrategyDetail;

test("only what says something else is a change, each in its own type", () => {
  const fields = { limits: "standard", universe: "AAPL, MSFT", cash: "50000", shorts: "false" };
  expect(changesOf(SEEN, { params: { fast: "12", sides: "false" }, fields })).toEqual({
    "params.fast": 12,
    universe: ["AAPL", "MSFT"],
    cash: 50000,
    shorts: false,
  });
});

test("what is emptied is taken out, and what was typed back is no change", () => {
  expect(changesOf(SEEN, { params: { fast: "10" }, fields: { limits: "", cash: " " } })).toEqual({ limits: null });
});
