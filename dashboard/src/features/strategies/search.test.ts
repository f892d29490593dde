import { expect, it } from "vitest";
import { strategyFilter } from "./search";

it("takes from an address what strategies can be filtered by, and nothing else", () => {
  expect(strategyFilter({ mode: "paper", status: "active", page: 2 })).toEqual({ mode: "paper", status: "active" });
  expect(strategyFilter({ mode: "replay", status: 1 })).toEqual({});
});
