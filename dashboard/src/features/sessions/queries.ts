import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { newer } from "@/api/stream/apply";
import type { Session } from "@/api/types";

export type SessionDetail = components["schemas"]["SessionDetail"];
export type SessionMoney = components["schemas"]["SessionMoney"];
export type SessionOrder = components["schemas"]["SessionOrder"];
export type SessionFill = components["schemas"]["SessionFill"];

/** Which sessions, as the address says it. */
export type SessionFilter = { page?: number; mode?: "paper" | "live"; state?: Session["state"] };

export const sessionsQuery = (filter: SessionFilter) =>
  queryOptions({
    queryKey: keys.sessions.list(filter),
    queryFn: ({ signal }) => answer(client.GET("/v1/sessions", { params: { query: filter }, signal })),
  });

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.session(id),
    queryFn: ({ signal }) =>
      answer(client.GET("/v1/sessions/{session_id}", { params: { path: { session_id: id } }, signal })),
  });

export const decisionsQuery = (id: string, page: number) =>
  queryOptions({
    queryKey: keys.session(id, "decisions", page),
    queryFn: ({ signal }) =>
      answer(
        client.GET("/v1/sessions/{session_id}/decisions", {
          params: { path: { session_id: id }, query: { page, per_page: 20 } },
          signal,
        }),
      ),
  });

/** What the parts of a session's page show; a page of each. */
export const moneyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.session(id, "money"),
    queryFn: ({ signal }) =>
      answer(client.GET("/v1/sessions/{session_id}/money", { params: { path: { session_id: id } }, signal })),
    structuralSharing: newer as never,
  });

export const sessionSeriesQuery = (id: string, symbol: string | undefined, max_points: number) =>
  queryOptions({
    queryKey: keys.session(id, "series", symbol, max_points),
    queryFn: ({ signal }) =>
      answer(
        client.GET("/v1/sessions/{session_id}/series", {
          params: { path: { session_id: id }, query: { names: "equity,drawdown,bars", symbol, max_points } },
          signal,
        }),
      ),
    structuralSharing: newer as never,
  });

const MANY = 200;

export const sessionOrdersQuery = (id: string) =>
  queryOptions({
    queryKey: keys.session(id, "orders"),
    queryFn: ({ signal }) =>
      answer(
        client.GET("/v1/sessions/{session_id}/orders", {
          params: { path: { session_id: id }, query: { per_page: MANY } },
          signal,
        }),
      ),
    structuralSharing: newer as never,
  });

export const sessionFillsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.session(id, "fills"),
    queryFn: ({ signal }) =>
      answer(
        client.GET("/v1/sessions/{session_id}/fills", {
          params: { path: { session_id: id }, query: { per_page: MANY } },
          signal,
        }),
      ),
    structuralSharing: newer as never,
  });
