import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { runSearch } from "./detail/search";
import { newRunSearch } from "./new/search";
import { runQuery, runsQuery } from "./queries";
import { runsSearch } from "./search";

const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs",
  validateSearch: runsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    context.queries.prefetchQuery(runsQuery(deps));
  },
  component: lazyRouteComponent(() => import("./RunsPage"), "RunsPage"),
});

const newRunRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs/new",
  validateSearch: newRunSearch,
  component: lazyRouteComponent(() => import("./new/NewRunPage"), "NewRunPage"),
});

const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs/$runId",
  validateSearch: runSearch,
  loader: ({ context, params }) => {
    context.queries.prefetchQuery(runQuery(params.runId));
  },
  component: lazyRouteComponent(() => import("./detail/RunPage"), "RunPage"),
});

export const runsRoutes = [runsRoute, newRunRoute, runRoute] as const;
