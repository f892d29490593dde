import { queryOptions, useQuery } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { newer, type Reducer, type Snapshot } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";

/** A number beside a page's name, and what it counts. */
export type Count = { value: number; word: string; urgent: boolean };

const EVERY_MS = 5_000;
const RUNNING = { state: "running" } as const;
const UNSEEN = { severity: "critical", acknowledged: false, resolved: false } as const;

export const runningSessions = () =>
  queryOptions({
    queryKey: keys.sessions.list(RUNNING),
    queryFn: ({ signal }) => answer(client.GET("/v1/sessions", { params: { query: RUNNING }, signal })),
    refetchInterval: EVERY_MS,
  });

export const runningJobs = () =>
  queryOptions({
    queryKey: keys.jobs.list(RUNNING),
    queryFn: ({ signal }) => answer(client.GET("/v1/jobs", { params: { query: RUNNING }, signal })),
    structuralSharing: newer as never,
  });

export const unseenAlerts = () =>
  queryOptions({
    queryKey: keys.alerts.list(UNSEEN),
    queryFn: ({ signal }) => answer(client.GET("/v1/alerts", { params: { query: UNSEEN }, signal })),
    structuralSharing: newer as never,
  });

/** Whether a job began or ended changes the count; how far it is does not. */
const onState: Reducer<Snapshot> = (page, { kind }) => (kind === "progress" ? page : null);
const onAnything: Reducer<Snapshot> = () => null;

const count = (value: number | undefined, word: string, urgent: boolean): Count | undefined =>
  value ? { value, word, urgent } : undefined;

/** What waits on which page: running jobs and sessions, critical alerts that nobody has seen. */
export function useCounts(): Record<string, Count | undefined> {
  const jobs = useQuery({ ...runningJobs(), refetchInterval: usePoll() });
  const alerts = useQuery({ ...unseenAlerts(), refetchInterval: usePoll(true) });
  const sessions = useQuery(runningSessions());
  useTopic("jobs", keys.jobs.list(RUNNING), onState);
  useTopic("alerts", keys.alerts.list(UNSEEN), onAnything);
  return {
    "/jobs": count(jobs.data?.total, "running", false),
    "/sessions": count(sessions.data?.total, "running", false),
    "/alerts": count(alerts.data?.total, "critical and unseen", true),
  };
}
