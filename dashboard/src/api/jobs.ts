import { queryOptions, useQuery } from "@tanstack/react-query";
import { client } from "./client";
import { keys } from "./keys";
import { answer } from "./problem";
import type { paths } from "./schema.gen";
import { newer, type Reducer } from "./stream/apply";
import { usePollOf, useTopic } from "./stream/live";
import type { Job } from "./types";

export type JobPage = paths["/v1/jobs"]["get"]["responses"]["200"]["content"]["application/json"];
export type JobAsk = NonNullable<paths["/v1/jobs"]["get"]["parameters"]["query"]>;

/** A page of the jobs, latest first. */
export const jobsQuery = (ask: JobAsk) =>
  queryOptions({
    queryKey: keys.jobs.list(ask),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs", { params: { query: ask }, signal })),
    structuralSharing: newer as never,
  });

/** One job as it stands. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: keys.jobs.one(id),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    structuralSharing: newer as never,
  });

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

/** A page of the jobs as the stream tells of them; without it they are asked for every so often. */
export function useJobs(ask: JobAsk, every: (page: JobPage | undefined) => number) {
  const poll = usePollOf();
  const query = useQuery({ ...jobsQuery(ask), refetchInterval: ({ state }) => poll(every(state.data)) });
  useTopic("jobs", keys.jobs.list(ask), jobsReducer);
  return query;
}
