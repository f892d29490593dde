import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { healthQuery } from "./queries";

const healthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/health",
  loader: ({ context }) => void context.queries.prefetchQuery(healthQuery()),
  component: lazyRouteComponent(() => import("./HealthPage"), "HealthPage"),
});

export const healthRoutes = [healthRoute] as const;
