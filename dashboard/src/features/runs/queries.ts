import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import type { RunsSearch } from "./search";

type Schemas = components["schemas"];
export type ListedRun = Schemas["ListedRun"];
export type RunDetail = Schemas["RunDetail"];
export type TradeRow = Schemas["TradeRow"];
export type OrderRow = Schemas["OrderRow"];
export type FillRow = Schemas["FillRow"];
export type LogEntry = Schemas["LogEntry"];
export type SeriesDocument = Schemas["SeriesDocument"];

export type RunBreakdown = Schemas["RunBreakdown"];

export const PER_PAGE = 50;

/** A page of the list of runs. */
export function runsQuery({ ids: _, ...filter }: RunsSearch) {
  return queryOptions({
    queryKey: keys.runs.list(filter),
    queryFn: () => answer(client.GET("/v1/runs", { params: { query: { ...filter, per_page: PER_PAGE } } })),
    placeholderData: keepPreviousData,
  });
}

/** The whole of a run but its tables and curves. */
export function runQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}", { params: { path: { run_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type SeriesAsked = { names: string; symbol?: string; from?: string; to?: string; max_points: number };

/** Curves of a run; what has ended does not change. */
export function seriesQuery(id: string, asked: SeriesAsked) {
  return queryOptions({
    queryKey: keys.run(id, "series", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/series", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type TableAsked = {
  page: number;
  per_page: number;
  symbol?: string;
  side?: "long" | "short" | "buy" | "sell";
  sort?: string;
  order?: "asc" | "desc";
  from?: string;
  to?: string;
};

export type TradesAsked = TableAsked & { outcome?: "gain" | "loss" };

/** A page of closed trades. */
export function tradesQuery(id: string, asked: TradesAsked) {
  return queryOptions({
    queryKey: keys.run(id, "trades", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/trades", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** A page of orders. */
export function ordersQuery(id: string, asked: TableAsked) {
  return queryOptions({
    queryKey: keys.run(id, "orders", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/orders", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** A page of fills. */
export function fillsQuery(id: string, asked: TableAsked) {
  return queryOptions({
    queryKey: keys.run(id, "fills", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/fills", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** A page of what the strategies logged. */
export function logsQuery(id: string, asked: { page: number; per_page: number }) {
  return queryOptions({
    queryKey: keys.run(id, "logs", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/logs", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

export type SearchView = Schemas["SearchView"];
export type SearchMap = Schemas["SearchMap"];
export type TrialRow = Schemas["TrialRow"];
export type FoldRow = Schemas["FoldRow"];
export type WalkView = Schemas["WalkView"];

/** The head of the search that a run is the best of. */
export function searchQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id, "search"),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/search", { params: { path: { run_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type MapAsked = { x?: string; y?: string; value?: string; cells?: "median" | "best"; hold?: string[] };

/** Its trials over two parameters. */
export function searchMapQuery(id: string, asked: MapAsked) {
  return queryOptions({
    queryKey: keys.run(id, "search", "map", asked),
    queryFn: () =>
      answer(client.GET("/v1/runs/{run_id}/search/map", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** Its trials as lines. */
export function searchLinesQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id, "search", "lines"),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/search/lines", { params: { path: { run_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type TrialsAsked = { page: number; per_page: number; sort?: string; order?: "asc" | "desc"; within?: string[] };

/** A page of its trials. */
export function trialsQuery(id: string, asked: TrialsAsked) {
  return queryOptions({
    queryKey: keys.run(id, "trials", asked),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/trials", { params: { path: { run_id: id }, query: asked } })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** The head of the walk-forward that a run is stitched from. */
export function walkQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id, "walk"),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/walk", { params: { path: { run_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const MOST_FOLDS = 500;

/** Its folds. */
export function foldsQuery(id: string) {
  const query = { per_page: MOST_FOLDS };
  return queryOptions({
    queryKey: keys.run(id, "folds"),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/folds", { params: { path: { run_id: id }, query } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A run by months and years, its deepest drawdowns, and what other costs would have left. */
export function breakdownQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id, "breakdown"),
    queryFn: () => answer(client.GET("/v1/runs/{run_id}/breakdown", { params: { path: { run_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
