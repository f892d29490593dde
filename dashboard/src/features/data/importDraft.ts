import type { components } from "@/api/schema.gen";

type Request = Partial<components["schemas"]["ImportRequest"]>;

/** What the form of an import holds. */
export type Draft = {
  symbol: string;
  symbolFrom: string;
  timeframe: string;
  calendar: string;
  tz: string;
  stamp: string;
  badRows: string;
  stored: string;
};

const KEY = "tradewright.import";
const UNSAID: Draft = {
  symbol: "",
  symbolFrom: "{symbol}",
  timeframe: "1d",
  calendar: "XNYS",
  tz: "",
  stamp: "",
  badRows: "drop",
  stored: "new",
};

function kept(): Partial<Draft> {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return Object.fromEntries(
      Object.entries(found).filter(([name, value]) => name in UNSAID && typeof value === "string"),
    );
  } catch {
    return {}; // what another hand wrote there is worth nothing
  }
}

/** As the last import was said, but for its symbol and what became of stored bars. */
export const FIRST_DRAFT: Draft = { ...UNSAID, ...kept(), symbol: "", stored: "new" };

export function keepDraft(draft: Draft): void {
  localStorage.setItem(KEY, JSON.stringify(draft));
}

/** The draft in the words of the server; what is empty says nothing. */
export function requestOf(draft: Draft, files: number): Request {
  const said = (value: string): string | null => value.trim() || null;
  return {
    symbols: files < 2 ? [draft.symbol.trim()] : null,
    symbol_from: files < 2 ? null : said(draft.symbolFrom),
    timeframe: said(draft.timeframe),
    calendar: said(draft.calendar),
    tz: said(draft.tz),
    stamp: said(draft.stamp) as Request["stamp"],
    bad_rows: draft.badRows as Request["bad_rows"],
    append: draft.stored === "append" ? true : null,
    replace: draft.stored === "replace" ? true : null,
  };
}

/** What is missing before it can be sent. */
export function lackOf(draft: Draft, files: readonly File[]): string | undefined {
  if (!files.length) return "Choose a file first";
  if (files.length < 2 && !draft.symbol.trim()) return "Say whose bars they are";
  if (!draft.timeframe.trim()) return "Say how long a bar lasts";
  return undefined;
}
