import { describe, expect, it } from "vitest";
import { changesOf, draftOf, draftOver, firstDraft, WORK, wishOf } from "./draft";
import type { Schedule } from "./queries";

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

describe("a schedule that is edited", () => {
  const seen = {
    name: "nightly",
    kind: "fetch",
    when: "XNYS close",
    zone: "UTC",
    missed: "skip",
    request: { source: "auto", symbols: ["ACME", "BETA"], start: "2024-01-02" },
  } as unknown as Schedule;

  it("opens with what it says, and nothing is changed by that", () => {
    const draft = draftOf(seen);
    expect(draft.said).toEqual({ source: "auto", symbols: "ACME, BETA" });
    expect(changesOf(seen, draft)).toEqual({});
  });

  it("says what was typed otherwise; what the form does not ask for stays in the request", () => {
    const draft = draftOf(seen);
    const typed = { ...draft, name: "weekly", said: { ...draft.said, symbols: "ACME" } };
    expect(changesOf(seen, typed)).toEqual({
      name: "weekly",
      request: { source: "auto", symbols: ["ACME"], start: "2024-01-02" },
    });
  });

  it("takes nothing of another kind of work along", () => {
    expect(changesOf(seen, { ...draftOf(seen), kind: "summary" })).toEqual({ kind: "summary", request: {} });
  });

  it("keeps what was typed when it is read again, and takes over what somebody else said", () => {
    const typed = { ...draftOf(seen), when: "XNYS open" };
    const found = { ...seen, name: "renamed", when: "XNYS close + 1 h" };
    expect(draftOver(found, seen, typed)).toMatchObject({ name: "renamed", when: "XNYS open", missed: "skip" });
  });
});
