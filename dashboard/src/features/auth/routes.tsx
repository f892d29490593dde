import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/routing/roots";

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === "string" ? { to: search.to } : {},
  component: lazyRouteComponent(() => import("./SignInPage"), "SignInPage"),
});

export const authRoutes = [signInRoute] as const;
