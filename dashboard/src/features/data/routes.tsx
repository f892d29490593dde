import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { fetchSearch } from "./fetchDraft";
import { type DataSearch, storedQuery } from "./queries";

function validate(search: Record<string, unknown>): DataSearch {
  const { symbol, page } = search;
  return {
    ...(typeof symbol === "string" && symbol ? { symbol } : {}),
    ...(typeof page === "number" && page > 1 ? { page } : {}),
  };
}

const dataRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data",
  validateSearch: validate,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queries.prefetchQuery(storedQuery(deps)),
  component: lazyRouteComponent(() => import("./DataPage"), "DataPage"),
});

const symbolRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/$symbol",
  component: lazyRouteComponent(() => import("./SymbolPage"), "SymbolPage"),
});

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/import",
  component: lazyRouteComponent(() => import("./ImportPage"), "ImportPage"),
});

const importedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/imports/$jobId",
  component: lazyRouteComponent(() => import("./ImportedPage"), "ImportedPage"),
});

const fetchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/fetch",
  validateSearch: fetchSearch,
  component: lazyRouteComponent(() => import("./FetchPage"), "FetchPage"),
});

const fetchedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/fetches/$jobId",
  component: lazyRouteComponent(() => import("./FetchedPage"), "FetchedPage"),
});

const comparedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/data/comparisons/$jobId",
  component: lazyRouteComponent(() => import("./ComparedPage"), "ComparedPage"),
});

export const dataRoutes = [
  dataRoute,
  importRoute,
  importedRoute,
  fetchRoute,
  fetchedRoute,
  comparedRoute,
  symbolRoute,
] as const;
