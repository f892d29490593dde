import type { JobPage } from "@/api/jobs";
import type { Job } from "@/api/types";

const SOON_MS = 1_000;
const SELDOM_MS = 10_000;
const OF_RUNS = new Set(["backtest", "optimize", "walk_forward"]);
const WORDS: Record<string, string> = { backtest: "Backtest", optimize: "Search", walk_forward: "Walk-forward" };

/** Whether something of a job is still to come. */
export function isActive(job: Job): boolean {
  return OF_RUNS.has(job.kind) && ["queued", "running", "cancelling"].includes(job.state);
}

/** What a job is called: what it does, with which strategy and symbols. */
export function jobTitle(job: Job): string {
  const { strategy, symbols } = job.request as { strategy?: string; symbols?: string[] };
  const word = WORDS[job.kind] ?? job.kind;
  return [word, strategy, symbols?.join(", ")].filter(Boolean).join(" · ");
}

/** How often jobs are asked for where no stream tells of them: often while one of them is active. */
export const everySoOften = (page: JobPage | undefined): number => (page?.items.some(isActive) ? SOON_MS : SELDOM_MS);
