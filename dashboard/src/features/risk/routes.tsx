import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";

const riskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/risk",
  component: lazyRouteComponent(() => import("./RiskPage"), "RiskPage"),
});

export const riskRoutes = [riskRoute] as const;
