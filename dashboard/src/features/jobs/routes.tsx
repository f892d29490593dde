import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { jobQuery, jobsQuery } from "@/api/jobs";
import { shellRoute } from "@/routing/roots";
import { KINDS, STATES } from "@/ui/jobWords";
import type { JobFilter } from "./queries";

function validate(search: Record<string, unknown>): JobFilter {
  const { page, state, kind } = search;
  return {
    ...(typeof page === "number" && page > 1 ? { page } : {}),
    ...(typeof state === "string" && state in STATES ? { state: state as JobFilter["state"] } : {}),
    ...(typeof kind === "string" && kind in KINDS ? { kind: kind as JobFilter["kind"] } : {}),
  };
}

const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/jobs",
  validateSearch: validate,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queries.prefetchQuery(jobsQuery(deps)),
  component: lazyRouteComponent(() => import("./JobsPage"), "JobsPage"),
});

const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/jobs/$jobId",
  // Whoever started a run is led on to it when it has ended.
  validateSearch: (search: Record<string, unknown>): { open?: "run" } => (search.open === "run" ? { open: "run" } : {}),
  loader: ({ context, params }) => void context.queries.prefetchQuery(jobQuery(params.jobId)),
  component: lazyRouteComponent(() => import("./JobPage"), "JobPage"),
});

export const jobsRoutes = [jobsRoute, jobRoute] as const;
