import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";

export type Comparison = components["schemas"]["Comparison"];
export type ListedRun = components["schemas"]["ListedRun"];

/** Runs side by side; the first is the base. */
export function comparisonQuery(ids: readonly string[], everything: boolean) {
  const query = { ids: ids.join(","), everything };
  return queryOptions({
    queryKey: keys.run("compare", query),
    queryFn: () => answer(client.GET("/v1/runs/compare", { params: { query } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    enabled: ids.length > 1,
  });
}

/** Curves over the sessions that all runs have, rebased by the server. */
export function curvesQuery(ids: readonly string[]) {
  const query = { ids: ids.join(","), max_points: 2_000 };
  return queryOptions({
    queryKey: keys.run("compare", "curves", query),
    queryFn: () => answer(client.GET("/v1/runs/compare/series", { params: { query } })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: ids.length > 1,
  });
}

/** The latest runs, to choose from. */
export function latestRunsQuery() {
  const query = { per_page: 50 };
  return queryOptions({
    queryKey: keys.runs.list(query),
    queryFn: () => answer(client.GET("/v1/runs", { params: { query } })),
  });
}
