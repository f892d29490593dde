import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { newSessionSearch } from "./new/draft";
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

/** A page of the decisions; the job that begins it, while it has said nothing itself. */
type OneSearch = { page?: number; job?: string };

function validateOne({ page, job }: Record<string, unknown>): OneSearch {
  return {
    ...(typeof page === "number" && page > 1 ? { page } : {}),
    ...(typeof job === "string" || typeof job === "number" ? { job: String(job) } : {}),
  };
}

const newSessionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sessions/new",
  validateSearch: newSessionSearch,
  component: lazyRouteComponent(() => import("./new/NewSessionPage"), "NewSessionPage"),
});

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
  validateSearch: validateOne,
  loaderDeps: ({ search: { job } }) => ({ isNew: job !== undefined }),
  loader: ({ context, params, deps }) => {
    // What was just asked for is not there yet: its page looks for it.
    if (!deps.isNew) void context.queries.prefetchQuery(sessionQuery(params.sessionId));
  },
  component: lazyRouteComponent(() => import("./SessionPage"), "SessionPage"),
});

export const sessionsRoutes = [sessionsRoute, newSessionRoute, sessionRoute] as const;
