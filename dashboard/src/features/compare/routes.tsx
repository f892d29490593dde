import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { compareSearch } from "./search";

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/compare",
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import("./ComparePage"), "ComparePage"),
});

export const compareRoutes = [compareRoute] as const;
