import { expect, it } from "vitest";
import type { TopicEvent } from "@/api/stream/apply";
import { type SoFar, searchMapSoFarQuery, soFarReducer } from "./queries";

const seen = { seq: 4, trials: 100 } as SoFar;

function told(kind: string, body: Record<string, unknown>) {
  const event: TopicEvent = { topic: "jobs/a", seq: 5, at: "", kind, body };
  return soFarReducer(seen, event);
}

it("asks for the trials anew when a hundredth of the search was done since", () => {
  expect(told("progress", { done: 109, total: 1_000 })).toBe(seen);
  expect(told("progress", { done: 110, total: 1_000 })).toBeNull();
});

it("asks for every trial of a short search, and leaves the picture where none was added", () => {
  expect(told("progress", { done: 100, total: 120 })).toBe(seen);
  expect(told("progress", { done: 101, total: 120 })).toBeNull();
  expect(told("progress", { done: 101, total: null })).toBeNull();
});

it("asks for the trials anew when the job began or ended", () => {
  expect(told("state", { state: "done" })).toBeNull();
});

it("keeps what it shows where only the number of the event is another", () => {
  const share = searchMapSoFarQuery("a").structuralSharing as unknown as <Data>(old: Data, fresh: Data) => Data;
  const old = { seq: 4, trials: 3, cells: { x: [1] } };
  expect(share(old, { seq: 5, trials: 3, cells: { x: [1] } }).cells).toBe(old.cells);
  expect(share(old, { seq: 3, trials: 2, cells: { x: [2] } })).toBe(old);
  const shown = { cells: old.cells };
  expect(share(shown, { cells: { x: [1] } })).toBe(shown);
});
