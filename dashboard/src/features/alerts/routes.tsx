import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { type AlertFilter, alertsQuery } from "./queries";
import { SEVERITIES } from "./words";

function validate(search: Record<string, unknown>): AlertFilter {
  const { page, severity, acknowledged } = search;
  return {
    ...(typeof page === "number" && page > 1 ? { page } : {}),
    ...(typeof severity === "string" && severity in SEVERITIES
      ? { severity: severity as AlertFilter["severity"] }
      : {}),
    ...(typeof acknowledged === "boolean" ? { acknowledged } : {}),
  };
}

const alertsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/alerts",
  validateSearch: validate,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queries.prefetchQuery(alertsQuery(deps)),
  component: lazyRouteComponent(() => import("./AlertsPage"), "AlertsPage"),
});

export const alertsRoutes = [alertsRoute] as const;
