import type { LimitsName, SessionRequest } from "@/api/acts";
import { type Param, typedParams } from "@/ui/ParamForm";

/** What a person has chosen, as texts of the form; money stays text to the end. */
export type Draft = {
  mode: "paper" | "live";
  strategy: string;
  symbols: string;
  timeframe: string;
  broker: string;
  feed: string;
  fills: "simulated" | "venue";
  limits: LimitsName | "";
  cash: string;
  params: Record<string, string>;
  isDry: boolean;
  name: string;
};

/** What the address of a new session holds: what it is started from. */
export type NewSessionSearch = { strategy?: string; symbols?: string; timeframe?: string; mode?: Draft["mode"] };

const KEY = "tradewright.new-session";

const FIRST: Draft = {
  mode: "paper",
  strategy: "",
  symbols: "",
  timeframe: "1m",
  broker: "",
  feed: "",
  fills: "simulated",
  limits: "",
  cash: "",
  params: {},
  isDry: false,
  name: "",
};

function kept(): Partial<Draft> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** Keep the choices for the next session. Money is never what was chosen last: it begins on paper. */
export function keepDraft(draft: Draft): void {
  localStorage.setItem(KEY, JSON.stringify({ ...draft, mode: "paper", name: "", isDry: false }));
}

/** The last choices, what the address asks for on top of them. */
export function firstDraft(search: NewSessionSearch): Draft {
  const last = { ...FIRST, ...kept() };
  const isOther = search.strategy !== undefined && search.strategy !== last.strategy;
  return { ...last, ...search, params: isOther ? {} : last.params };
}

/** The address as it may be: what means nothing is left out. */
export function newSessionSearch(search: Record<string, unknown>): NewSessionSearch {
  const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
  const found: NewSessionSearch = {
    strategy: text(search.strategy),
    symbols: text(search.symbols),
    timeframe: text(search.timeframe),
    mode: (["paper", "live"] as const).find((each) => each === search.mode),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Whether orders go to an account, whose limits have then to be named. */
export const isAtVenue = ({ mode, fills }: Draft): boolean => mode === "live" || fills === "venue";

/** What is asked of the server. */
export function requestOf(draft: Draft, params: readonly Param[]): SessionRequest {
  const atVenue = isAtVenue(draft);
  const said = {
    mode: draft.mode,
    strategy: draft.strategy,
    symbols: [...new Set(draft.symbols.split(/[\s,]+/).filter(Boolean))],
    timeframe: draft.timeframe,
    broker: draft.broker.trim() || null,
    feed: draft.feed.trim() || null,
    fills: draft.mode === "paper" ? draft.fills : null,
    params: typedParams(params, draft.params),
    limits: atVenue ? draft.limits || null : null,
    cash: draft.cash.trim() || null,
    dry_run: atVenue && draft.isDry,
    name: draft.name.trim() || null,
  };
  return said as SessionRequest;
}
