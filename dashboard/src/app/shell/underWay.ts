import { queryOptions, replaceEqualDeep, useQuery } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { asksAnew, asksAnewOfStates, newerParts } from "@/api/stream/apply";
import { useTopic } from "@/api/stream/live";

type Now = components["schemas"]["Now"];
export type RunningSession = components["schemas"]["RunningSession"];

/** A number beside a page's name, and what it counts. */
export type Count = { value: number; word: string; urgent: boolean };

const EVERY_MS = 5_000;

const newest = (old: Now | undefined, fresh: Now): Now => replaceEqualDeep(old, newerParts(old, fresh));

/** All that stands around every page, in one answer; that a session falls silent is told by no event, so it is asked for. */
export const nowQuery = () =>
  queryOptions({
    queryKey: keys.now(),
    queryFn: ({ signal }) => answer(client.GET("/v1/now", { signal })),
    structuralSharing: newest as never,
    refetchInterval: EVERY_MS,
  });

/** Keep it true by the events of jobs and alerts. */
export function useFollowedNow(): void {
  useTopic("jobs", keys.now(), asksAnewOfStates, "jobs");
  useTopic("alerts", keys.now(), asksAnew, "alerts");
}

const count = (value: number | undefined, word: string, urgent: boolean): Count | undefined =>
  value ? { value, word, urgent } : undefined;

/** What waits on which page: running jobs and sessions, critical alerts that nobody has seen. */
export function useCounts(): Record<string, Count | undefined> {
  const { data } = useQuery(nowQuery());
  return {
    "/jobs": count(data?.jobs.total, "running", false),
    "/sessions": count(data?.sessions.total, "running", false),
    "/alerts": count(data?.alerts.total, "critical and unseen", true),
  };
}

const NONE: readonly RunningSession[] = [];

/** Sessions that run, as last heard. */
export function useRunningSessions(): readonly RunningSession[] {
  return useQuery(nowQuery()).data?.sessions.items ?? NONE;
}
