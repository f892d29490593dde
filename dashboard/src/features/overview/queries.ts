import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { newer } from "@/api/stream/apply";

const FEW = 5;
const OPEN = { acknowledged: false, resolved: false, per_page: FEW } as const;
/** The few that a list of the overview has room for. */
export const LATEST = { per_page: FEW } as const;

/** What nobody has seen and has not gone by itself. */
export const openAlerts = () =>
  queryOptions({
    queryKey: keys.alerts.list(OPEN),
    queryFn: ({ signal }) => answer(client.GET("/v1/alerts", { params: { query: OPEN }, signal })),
    structuralSharing: newer as never,
  });

export const latestSessions = () =>
  queryOptions({
    queryKey: keys.sessions.list(LATEST),
    queryFn: ({ signal }) => answer(client.GET("/v1/sessions", { params: { query: LATEST }, signal })),
  });

export const latestRuns = () =>
  queryOptions({
    queryKey: keys.runs.list(LATEST),
    queryFn: ({ signal }) => answer(client.GET("/v1/runs", { params: { query: LATEST }, signal })),
    structuralSharing: newer as never,
  });

/** What trades is worth now, by mode and currency. */
export const worthQuery = () =>
  queryOptions({
    queryKey: keys.worth(),
    queryFn: ({ signal }) =>
      answer(client.GET("/v1/metrics/summary", { params: { query: { period: "all" } }, signal })),
  });
