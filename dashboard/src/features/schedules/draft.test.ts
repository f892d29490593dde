import { describe, expect, it } from "vitest";
import { firstDraft, WORK, wishOf } from "./draft";

describe("the wish for a schedule", () => {
  const draft = {
    ...firstDraft("Europe/Berlin"),
    name: " nightly ",
    said: { symbols: "ACME, BETA ACME", timeframe: " " },
  };

  it("says what was written, lists as lists, and nothing of what is empty", () => {
    expect(wishOf(draft)).toEqual({
      name: "nightly",
      kind: "check",
      when: "XNYS close + 15 m",
      zone: "Europe/Berlin",
      missed: "once",
      request: { symbols: ["ACME", "BETA"] },
    });
  });

  it("leaves out what was written for another kind of work", () => {
    expect(wishOf({ ...draft, kind: "summary" }).request).toEqual({});
    expect(wishOf({ ...draft, kind: "archive", said: { ...draft.said, older_than: "365d" } }).request).toEqual({
      older_than: "365d",
    });
  });

  it("asks for what the work cannot do without", () => {
    const needed = Object.entries(WORK).map(([kind, { fields }]) => [
      kind,
      fields.filter((each) => each.required).length,
    ]);
    expect(Object.fromEntries(needed)).toMatchObject({ check: 0, archive: 1, summary: 0 });
  });
});
