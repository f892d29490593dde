import type { components } from "@/api/schema.gen";

/** What the form of a fetch holds, as texts. */
export type FetchDraft = {
  source: string;
  symbols: string;
  timeframe: string;
  start: string;
  end: string;
  hours: "regular" | "extended";
};

/** What the address of the form says: what is to be fetched. */
export type FetchSearch = Partial<Pick<FetchDraft, "source" | "symbols" | "timeframe">>;

/** The address as it may be: what means nothing is left out. */
export function fetchSearch(search: Record<string, unknown>): FetchSearch {
  const said = (["source", "symbols", "timeframe"] as const).map((name) => [name, search[name]] as const);
  return Object.fromEntries(said.filter(([, value]) => typeof value === "string" && value !== ""));
}

/** The form as it opens: what the address asks for, of whoever is set up. */
export const firstFetch = (search: FetchSearch): FetchDraft => ({
  source: "auto",
  symbols: "",
  timeframe: "1d",
  start: "",
  end: "",
  hours: "regular",
  ...search,
});

/** The draft in the words of the server; what is empty says nothing. */
export function fetchRequest(draft: FetchDraft, refresh: boolean): components["schemas"]["FetchRequest"] {
  const said = (value: string): string | null => value.trim() || null;
  return {
    source: draft.source.trim(),
    symbols: [...new Set(draft.symbols.split(/[\s,]+/).filter(Boolean))],
    timeframe: said(draft.timeframe),
    start: said(draft.start),
    end: said(draft.end),
    hours: draft.hours === "extended" ? draft.hours : null,
    refresh: refresh || null,
  };
}
