import type { Schedule, ScheduleChange, ScheduleWish } from "./queries";

/** What a person has written into the form, as texts. */
export type Draft = {
  name: string;
  kind: string;
  when: string;
  zone: string;
  missed: Schedule["missed"];
  said: Readonly<Record<string, string>>;
  /** What its request says beside that, and for which kind of work. */
  rest: { kind: string; request: Record<string, unknown> };
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
  rest: { kind: "", request: {} },
});

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));

/** The form with what a schedule says; what the form does not ask for stays beside. */
export function draftOf({ name, kind, when, zone, missed, request }: Schedule): Draft {
  const asked = new Set((WORK[kind]?.fields ?? []).map((field) => field.name));
  const [said, others] = [true, false].map((isAsked) =>
    Object.entries(request).filter(([key]) => asked.has(key) === isAsked),
  ) as [[string, unknown][], [string, unknown][]];
  return {
    name,
    kind,
    when,
    zone,
    missed,
    said: Object.fromEntries(said.map(([key, value]) => [key, textOf(value)])),
    rest: { kind, request: Object.fromEntries(others) },
  };
}

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
    request: { ...(draft.rest.kind === draft.kind ? draft.rest.request : {}), ...Object.fromEntries(said) },
  } as ScheduleWish;
}

/** What of a draft says something else than the schedule as it was seen. */
export function changesOf(seen: Schedule, draft: Draft): Partial<ScheduleChange> {
  const before: Record<string, unknown> = wishOf(draftOf(seen));
  const differing = Object.entries(wishOf(draft)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(differing);
}

/** What was typed over a schedule as it was seen, put over what it says meanwhile. */
export function draftOver(found: Schedule, seen: Schedule, draft: Draft): Draft {
  const before = draftOf(seen);
  const typed = Object.entries(draft).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Draft]),
  );
  return { ...draftOf(found), ...Object.fromEntries(typed) };
}
