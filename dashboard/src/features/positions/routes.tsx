import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";

const positionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/positions",
  component: lazyRouteComponent(() => import("./PositionsPage"), "PositionsPage"),
});

export const positionsRoutes = [positionsRoute] as const;
