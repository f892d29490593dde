import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { type SessionFilter, sessionQuery, sessionsQuery } from "./queries";
import { STATES } from "./words";

function validate(search: Record<string, unknown>): SessionFilter {
  const { page, mode, state } = search;
  return {
    ...(typeof page === "number" && page > 1 ? { page } : {}),
    ...(mode === "paper" || mode === "live" ? { mode } : {}),
    ...(typeof state === "string" && state in STATES ? { state: state as SessionFilter["state"] } : {}),
  };
}

const sessionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sessions",
  validateSearch: validate,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queries.prefetchQuery(sessionsQuery(deps)),
  component: lazyRouteComponent(() => import("./SessionsPage"), "SessionsPage"),
});

const sessionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sessions/$sessionId",
  validateSearch: ({ page }: Record<string, unknown>): { page?: number } =>
    typeof page === "number" && page > 1 ? { page } : {},
  loader: ({ context, params }) => void context.queries.prefetchQuery(sessionQuery(params.sessionId)),
  component: lazyRouteComponent(() => import("./SessionPage"), "SessionPage"),
});

export const sessionsRoutes = [sessionsRoute, sessionRoute] as const;
