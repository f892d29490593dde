import { queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";

/** The strategies that can be started. */
export const strategiesQuery = () =>
  queryOptions({
    queryKey: keys.strategies(),
    queryFn: () => answer(client.GET("/v1/strategies", { params: { query: { per_page: 500 } } })),
  });

/** The strategy whose parameters the form shows. */
export const strategyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.strategy(id),
    queryFn: () => answer(client.GET("/v1/strategies/{strategy_id}", { params: { path: { strategy_id: id } } })),
    enabled: id !== "",
  });

/** What was approved of a strategy and is in force. */
export const approvedQuery = (strategy: string) => {
  const query = { strategy, in_force: true, per_page: 100 };
  return queryOptions({
    queryKey: keys.approvals.list(query),
    queryFn: ({ signal }) => answer(client.GET("/v1/approvals", { params: { query }, signal })),
    enabled: strategy !== "",
  });
};
