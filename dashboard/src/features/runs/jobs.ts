import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { Job } from "@/api/types";
import { isOver } from "@/ui/jobWords";

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

/** One job, read often until it is over. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: keys.jobs.one(id),
    queryFn: () => answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : SOON_MS),
  });
}

/** The latest jobs; read often while one of them is active. */
export function jobsQuery() {
  const filter = { per_page: 20 };
  return queryOptions({
    queryKey: keys.jobs.list(filter),
    queryFn: () => answer(client.GET("/v1/jobs", { params: { query: filter } })),
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? SOON_MS : SELDOM_MS),
  });
}
