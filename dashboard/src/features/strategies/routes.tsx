import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { strategiesQuery, strategyQuery } from "./queries";
import { strategyFilter } from "./search";

const strategiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/strategies",
  validateSearch: strategyFilter,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    context.queries.prefetchQuery(strategiesQuery(deps));
  },
  component: lazyRouteComponent(() => import("./StrategiesPage"), "StrategiesPage"),
});

const strategyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/strategies/$strategyId",
  loader: ({ context, params }) => {
    context.queries.prefetchQuery(strategyQuery(params.strategyId));
  },
  component: lazyRouteComponent(() => import("./StrategyPage"), "StrategyPage"),
});

export const strategiesRoutes = [strategiesRoute, strategyRoute] as const;
