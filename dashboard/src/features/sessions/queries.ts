import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { Session } from "@/api/types";

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

export const stopSession = (id: string, reason: string) =>
  answer(client.POST("/v1/sessions/{session_id}/stop", { params: { path: { session_id: id } }, body: { reason } }));
