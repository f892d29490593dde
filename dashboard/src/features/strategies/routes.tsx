import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { strategiesQuery, strategyQuery } from "./queries";

const strategiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/strategies",
  loader: ({ context }) => {
    context.queries.prefetchQuery(strategiesQuery());
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
