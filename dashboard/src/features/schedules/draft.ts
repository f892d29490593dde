import type { Schedule, ScheduleWish } from "./queries";

/** What a person has written into the form, as texts. */
export type Draft = {
  name: string;
  kind: string;
  when: string;
  zone: string;
  missed: Schedule["missed"];
  said: Readonly<Record<string, string>>;
};

type Said = { name: string; label: string; hint: string; required?: boolean; isList?: boolean };

const SYMBOLS: Said = { name: "symbols", label: "Symbols", hint: "with commas between; empty: all", isList: true };
const TIMEFRAME: Said = { name: "timeframe", label: "Timeframe", hint: "such as 1m or 1d; empty: all" };

/** What can begin by itself, and what has to be said of it. */
export const WORK: Record<string, { word: string; fields: readonly Said[] }> = {
  fetch: {
    word: "fetch bars of a provider",
    fields: [
      { name: "source", label: "From", hint: "a provider, or auto for all of them", required: true },
      { name: "symbols", label: "Symbols", hint: "with commas between", required: true, isList: true },
      { name: "timeframe", label: "Timeframe", hint: "such as 1m or 1d" },
    ],
  },
  check: { word: "check what is stored", fields: [SYMBOLS, TIMEFRAME] },
  compare: {
    word: "compare bars of two sources",
    fields: [
      { name: "sources", label: "Sources", hint: "two: store, or a provider", required: true, isList: true },
      { name: "symbols", label: "Symbols", hint: "with commas between", required: true, isList: true },
      { name: "timeframe", label: "Timeframe", hint: "such as 1m or 1d" },
    ],
  },
  archive: {
    word: "move old bars into the archive",
    fields: [
      { name: "older_than", label: "Older than", hint: "such as 365d", required: true },
      { name: "timeframes", label: "Timeframes", hint: "with commas between; empty: all", isList: true },
    ],
  },
  reconcile: { word: "reconcile accounts", fields: [{ name: "account", label: "Account", hint: "empty: all" }] },
  summary: { word: "tell the summary of the day", fields: [] },
};

/** The form as it opens: a check after the close. */
export const firstDraft = (zone: string): Draft => ({
  name: "",
  kind: "check",
  when: "XNYS close + 15 m",
  zone,
  missed: "once",
  said: {},
});

const listOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** The draft in the words of the server; what is empty says nothing. */
export function wishOf(draft: Draft): ScheduleWish {
  const fields = WORK[draft.kind]?.fields ?? [];
  const said = fields.flatMap(({ name, isList }): [string, string | string[]][] => {
    const text = (draft.said[name] ?? "").trim();
    return text ? [[name, isList ? listOf(text) : text]] : [];
  });
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    when: draft.when.trim(),
    zone: draft.zone.trim() || "UTC",
    missed: draft.missed,
    request: Object.fromEntries(said),
  } as ScheduleWish;
}
