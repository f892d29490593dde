import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];
export type StoredSeries = Schemas["StoredSeries"];
export type SeriesQuality = Schemas["SeriesQuality"];
export type DataFinding = Schemas["DataFinding"];
export type DataUse = Schemas["DataUse"];
export type FetchReport = Schemas["FetchReport"];
export type Provider = Schemas["DataProvider"];
export type FetchedSeries = Schemas["FetchedSeries"];
export type SeriesFreshness = Schemas["SeriesFreshness"];
export type SeriesVersion = Schemas["SeriesVersion"];
export type ComparisonReport = Schemas["ComparisonReport"];
export type ComparedSeries = Schemas["ComparedSeries"];
export type ImportedFile = Schemas["ImportedFile"];
export type ImportReport = Schemas["ImportReport"];

export const PER_PAGE = 50;
const VERSIONS_PER_PAGE = 20;
const FRESH_MS = 60_000;

export type DataSearch = { symbol?: string; page?: number };

/** A page of what is stored. */
export function storedQuery({ symbol, page }: DataSearch) {
  const query = { symbol, page, per_page: PER_PAGE };
  return queryOptions({
    queryKey: keys.data("symbols", query),
    queryFn: () => answer(client.GET("/v1/data/symbols", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** How fresh what is stored is, page by page as it is listed. */
export function freshnessQuery({ symbol, page }: DataSearch) {
  const query = { symbol, page, per_page: PER_PAGE };
  return queryOptions({
    queryKey: keys.data("freshness", query),
    queryFn: () => answer(client.GET("/v1/data/freshness", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

type SeriesName = Pick<StoredSeries, "instrument" | "timeframe" | "adjustment">;

/** By what a series is told from all others. */
export const nameOf = ({ instrument, timeframe, adjustment }: SeriesName): string =>
  `${instrument} ${timeframe} ${adjustment}`;

/** The versions of a series, the current one first. */
export function versionsQuery({ instrument, timeframe, adjustment }: SeriesName, page = 1) {
  const query = { symbol: instrument, timeframe, adjustment, page, per_page: VERSIONS_PER_PAGE };
  return queryOptions({
    queryKey: keys.data("versions", query),
    queryFn: () => answer(client.GET("/v1/data/series/versions", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** What was found in the bars of an instrument. */
export function qualityQuery(instrument: string) {
  const query = { symbol: instrument };
  return queryOptions({
    queryKey: keys.data("quality", query),
    queryFn: () => answer(client.GET("/v1/data/quality", { params: { query } })),
  });
}

export type BarsAsked = {
  symbol: string;
  timeframe: string;
  adjustment: StoredSeries["adjustment"];
  max_points: number;
  from?: string;
  to?: string;
};

/** Bars to draw. */
export function barsQuery(query: BarsAsked) {
  return queryOptions({
    queryKey: keys.data("bars", query),
    queryFn: () => answer(client.GET("/v1/data/bars", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** The latest runs that read an instrument's bars from the store. */
export function usesQuery(instrument: string) {
  const query = { symbol: instrument };
  return queryOptions({
    queryKey: keys.data("uses", query),
    queryFn: () => answer(client.GET("/v1/data/uses", { params: { query } })),
  });
}

/** What became of an import. */
export function importQuery(jobId: string) {
  return queryOptions({
    queryKey: keys.data("import", jobId),
    queryFn: () => answer(client.GET("/v1/data/imports/{job_id}", { params: { path: { job_id: jobId } } })),
  });
}

/** Where bars can be fetched from. */
export const providersQuery = () =>
  queryOptions({
    queryKey: keys.data("providers"),
    queryFn: () => answer(client.GET("/v1/data/providers")),
  });

/** What became of a fetch. */
export function fetchQuery(jobId: string) {
  return queryOptions({
    queryKey: keys.data("fetch", jobId),
    queryFn: () => answer(client.GET("/v1/data/fetches/{job_id}", { params: { path: { job_id: jobId } } })),
  });
}

/** What came of a comparison. */
export function comparisonQuery(jobId: string) {
  return queryOptions({
    queryKey: keys.data("comparison", jobId),
    queryFn: () => answer(client.GET("/v1/data/comparisons/{job_id}", { params: { path: { job_id: jobId } } })),
  });
}

/** Have bars of two sources put beside each other; what comes back is the job that does it. */
export const compareBars = (body: Schemas["ComparisonRequest"]) =>
  answer(client.POST("/v1/data/comparisons", { body }));

/** Have bars fetched; what comes back is the job that does it. */
export const fetchBars = (body: Schemas["FetchRequest"]) => answer(client.POST("/v1/data/fetches", { body }));

/** Send files to be imported; what comes back is the job that reads them. */
export function sendFiles(files: readonly File[], request: Partial<Schemas["ImportRequest"]>) {
  const form = new FormData();
  for (const file of files) form.append("files", file);
  form.append("request", JSON.stringify(request));
  return answer(client.POST("/v1/data/imports", { body: form as never, bodySerializer: (body) => body }));
}
