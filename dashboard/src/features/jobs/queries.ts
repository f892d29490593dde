import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { paths } from "@/api/schema.gen";
import { newer, type Reducer } from "@/api/stream/apply";
import type { Job } from "@/api/types";

/** Which jobs, as the address says it. */
export type JobFilter = { page?: number; state?: Job["state"]; kind?: Job["kind"] };

export type JobPage = paths["/v1/jobs"]["get"]["responses"]["200"]["content"]["application/json"];

export const jobsQuery = (filter: JobFilter) =>
  queryOptions({
    queryKey: keys.jobs.list(filter),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs", { params: { query: filter }, signal })),
    structuralSharing: newer as never,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: keys.jobs.one(id),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    structuralSharing: newer as never,
  });

export const cancelJob = (id: string): Promise<Job> =>
  answer(client.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id: id } } }));

const GROWS_MS = 1_500;

/** The head of a search under way. */
export const searchSoFarQuery = (id: string, isLive: boolean) =>
  queryOptions({
    queryKey: keys.job(id, "search"),
    queryFn: () => answer(client.GET("/v1/jobs/{job_id}/search", { params: { path: { job_id: id } } })),
    refetchInterval: isLive ? GROWS_MS : false,
  });

/** Its trials so far over two parameters. */
export const searchMapSoFarQuery = (id: string, isLive: boolean) =>
  queryOptions({
    queryKey: keys.job(id, "search", "map"),
    queryFn: () => answer(client.GET("/v1/jobs/{job_id}/search/map", { params: { path: { job_id: id } } })),
    refetchInterval: isLive ? GROWS_MS : false,
  });

/** One more part of a job's log. */
export const jobLog = (id: string, after: number) =>
  answer(client.GET("/v1/jobs/{job_id}/log", { params: { path: { job_id: id }, query: { after } } }));

/** A job after an event: progress stands in the event; how it ended is asked for. */
export function changed(job: Job, kind: string, body: Record<string, unknown>): Job {
  const { id: _, attempt, ...rest } = body;
  if (kind === "progress") return { ...job, attempt: Number(attempt), progress: { ...job.progress, ...rest } as never };
  return { ...job, ...(body as Partial<Job>) };
}

/** One job after an event of its own topic; that it began or ended brings instants that are asked for. */
export const jobReducer: Reducer<Job> = (job, { kind, body }) =>
  kind === "progress" ? changed(job, kind, body) : null;

/** A page of jobs after an event; a job that is not on it may belong there now. */
export const jobsReducer: Reducer<JobPage> = (page, { kind, body }) => {
  if (!page.items.some((job) => job.id === body.id)) return kind === "progress" ? page : null;
  return { ...page, items: page.items.map((job) => (job.id === body.id ? changed(job, kind, body) : job)) };
};
