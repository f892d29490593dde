import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";

export type ListedStrategy = components["schemas"]["ListedStrategy"];
export type ListedRun = components["schemas"]["ListedRun"];
export type StrategyDetail = components["schemas"]["StrategyDetail"];

/** Which strategies, as the address says it. */
export type StrategyFilter = { mode?: ListedStrategy["mode"]; status?: ListedStrategy["status"] };

/** The strategies of the catalogue that fit. */
export function strategiesQuery(filter: StrategyFilter = {}) {
  return queryOptions({
    queryKey: Object.keys(filter).length ? keys.strategies(filter) : keys.strategies(),
    queryFn: ({ signal }) =>
      answer(client.GET("/v1/strategies", { params: { query: { ...filter, per_page: 500 } }, signal })),
  });
}

/** One strategy with its parameters and its text. */
export function strategyQuery(id: string) {
  return queryOptions({
    queryKey: keys.strategy(id),
    queryFn: () => answer(client.GET("/v1/strategies/{strategy_id}", { params: { path: { strategy_id: id } } })),
  });
}

/** The latest runs of a strategy, by the name that its runs carry. */
export function runsOfQuery(strategy: string | null) {
  const query = { strategy: strategy ?? "", per_page: 10 };
  return queryOptions({
    queryKey: keys.runs.list(query),
    queryFn: () => answer(client.GET("/v1/runs", { params: { query } })),
    enabled: strategy !== null,
  });
}

/** What persons said of its evidence, the latest first. */
export function approvalsOfQuery(strategy: string | null) {
  const query = { strategy: strategy ?? "", per_page: 10 };
  return queryOptions({
    queryKey: keys.approvals.list(query),
    queryFn: () => answer(client.GET("/v1/approvals", { params: { query } })),
    enabled: strategy !== null,
  });
}

/** The sessions, of which a strategy's own are picked out. */
export function sessionsQuery() {
  const query = { per_page: 500 };
  return queryOptions({
    queryKey: keys.sessions.list(query),
    queryFn: () => answer(client.GET("/v1/sessions", { params: { query } })),
  });
}
