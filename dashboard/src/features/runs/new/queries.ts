import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, idempotent } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { Job } from "@/api/types";
import type { RunRequest } from "./draft";

/** The strategies that can be run. */
export function strategiesQuery() {
  return queryOptions({
    queryKey: keys.strategies(),
    queryFn: () => answer(client.GET("/v1/strategies", { params: { query: { per_page: 500 } } })),
  });
}

/** The strategy whose parameters the form shows. */
export function strategyQuery(id: string) {
  return queryOptions({
    queryKey: keys.strategy(id),
    queryFn: () => answer(client.GET("/v1/strategies/{strategy_id}", { params: { path: { strategy_id: id } } })),
    enabled: id !== "",
    placeholderData: undefined,
  });
}

/** What is stored, to choose symbols from. */
export function storedQuery() {
  const query = { per_page: 500 };
  return queryOptions({
    queryKey: keys.data("symbols", query),
    queryFn: () => answer(client.GET("/v1/data/symbols", { params: { query } })),
  });
}

/** What a run would read and take; nothing is started. */
export function estimateQuery(body: RunRequest | null) {
  return queryOptions({
    queryKey: keys.runs.list({ estimate: body }),
    queryFn: () => answer(client.POST("/v1/runs/estimate", { body: body as RunRequest })),
    enabled: body !== null,
    placeholderData: keepPreviousData,
  });
}

/** Put a run into the queue. */
export function startRun(body: RunRequest): Promise<Job> {
  return answer(client.POST("/v1/runs", { body, params: { header: idempotent() } as never, headers: idempotent() }));
}
