import type { Job } from "@/api/types";
import { decimal } from "@/format/decimal";
import type { Tone } from "./StatusPill";

/** The states of a job as icon and word. */
export const STATES: Record<Job["state"], [tone: Tone, word: string]> = {
  queued: ["wait", "queued"],
  running: ["busy", "running"],
  cancelling: ["busy", "cancelling"],
  done: ["ok", "done"],
  failed: ["fail", "failed"],
  cancelled: ["off", "cancelled"],
};

export const KINDS = {
  backtest: "Backtest",
  optimize: "Search",
  walk_forward: "Walk-forward",
  import: "Data import",
  fetch: "Data fetch",
  check: "Data check",
  compare: "Data comparison",
  archive: "Data archive",
  reconcile: "Reconcile",
  summary: "Daily summary",
  paper: "Paper session",
  live: "Live session",
} as const satisfies Record<Job["kind"], string> & Record<string, string>;

export const isOverState = (state: Job["state"]): boolean => ["done", "failed", "cancelled"].includes(state);

export const isOver = (job: Job): boolean => isOverState(job.state);

/** What a job works on, in a few words: strategy, symbols, bars. */
export function jobSubject(job: Pick<Job, "request">): string {
  const { strategy, symbols, timeframe, name } = job.request as Record<string, unknown>;
  const listed = Array.isArray(symbols) ? symbols : [];
  const few = listed.length > 3 ? `${listed.slice(0, 3).join(", ")} and ${listed.length - 3} more` : listed.join(", ");
  const parts = [name ?? strategy, few, timeframe].filter((part) => typeof part === "string" && part !== "");
  return parts.join(" · ");
}

/** How long it ran, or has been running, in seconds. */
export function jobSeconds(job: Job, now: number): number | null {
  if (!job.started_at) return null;
  const end = job.ended_at ? Date.parse(job.ended_at) : now;
  return Math.max(0, Math.round((end - Date.parse(job.started_at)) / 1000));
}

const SESSION = "Its record is kept. Orders and positions stay as they are.";
const LEFT: Record<string, string | undefined> = {
  backtest: "No run is kept: a backtest keeps its run when it ends. The log stays.",
  import: "Nothing of it is kept: the stored bars are as they were before. The log stays.",
  fetch: "What had come is kept, and the same fetch asks for the rest alone.",
  check: "It changes nothing that is stored. The log stays.",
  compare: "Nothing is kept of what was asked for. The log stays.",
  archive: "What was moved stays where it is now, the rest where it was: the same request goes on from there.",
  reconcile: "Accounts that it came to are reconciled. The log stays.",
  summary: "Nothing more is told. The log stays.",
  paper: SESSION,
  live: SESSION,
};

/** What is left of a job that was cancelled, in a sentence; null of any other. */
export function keptOf(job: Job): string | null {
  if (job.state !== "cancelled") return null;
  if (job.run_id) return "It was stopped as it ended: its run is kept.";
  if (!job.started_at) return "It had not begun: there was nothing to keep.";
  const said = LEFT[job.kind];
  if (said) return said;
  const done = job.progress?.unit === "trials" ? job.progress.done : 0;
  const trials = done > 0 ? `${decimal(done, 0)} ${done === 1 ? "trial" : "trials"}` : "The trials that were done";
  return `${trials} ${done === 1 ? "is" : "are"} kept, and the same request goes on from there.`;
}
