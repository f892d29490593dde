import { queryOptions, replaceEqualDeep } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { newer, type Reducer } from "@/api/stream/apply";
import type { Job } from "@/api/types";

/** Which jobs, as the address says it. */
export type JobFilter = { page?: number; state?: Job["state"]; kind?: Job["kind"] };

export type SoFar = components["schemas"]["SearchSoFar"];
export type MapSoFar = components["schemas"]["SearchMapSoFar"];

export const cancelJob = (id: string): Promise<Job> =>
  answer(client.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id: id } } }));

/** What knows more, and of it what is new: what stayed as it was is not drawn again. */
const grown = <Data>(old: Data | undefined, fresh: Data): Data => replaceEqualDeep(old, newer(old, fresh));

/** The head of a search under way. */
export const searchSoFarQuery = (id: string) =>
  queryOptions({
    queryKey: keys.job(id, "search", "head"),
    queryFn: () => answer(client.GET("/v1/jobs/{job_id}/search", { params: { path: { job_id: id } } })),
    structuralSharing: grown as never,
  });

/** Its trials so far over two parameters. */
export const searchMapSoFarQuery = (id: string) =>
  queryOptions({
    queryKey: keys.job(id, "search", "map"),
    queryFn: () => answer(client.GET("/v1/jobs/{job_id}/search/map", { params: { path: { job_id: id } } })),
    structuralSharing: grown as never,
  });

const PICTURES = 100;

/**
 * Trials so far after an event of the job: they are asked for anew when a hundredth of the search was done since, and
 * when it began or ended; that little more was done leaves the picture as it is.
 */
export const soFarReducer: Reducer<SoFar | MapSoFar> = (seen, { kind, body }) => {
  if (kind !== "progress") return null;
  const { done, total } = body as { done: number; total: number | null };
  return done - seen.trials < Math.max(1, Math.floor((total ?? done) / PICTURES)) ? seen : null;
};

/** One more part of a job's log. */
export const jobLog = (id: string, after: number) =>
  answer(client.GET("/v1/jobs/{job_id}/log", { params: { path: { job_id: id }, query: { after } } }));
