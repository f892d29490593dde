import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { type ScheduleSearch, scheduleQuery, schedulesQuery } from "./queries";

const validate = ({ page }: Record<string, unknown>): ScheduleSearch =>
  typeof page === "number" && page > 1 ? { page } : {};

const schedulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/schedules",
  validateSearch: validate,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queries.prefetchQuery(schedulesQuery(deps)),
  component: lazyRouteComponent(() => import("./SchedulesPage"), "SchedulesPage"),
});

const newScheduleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/schedules/new",
  component: lazyRouteComponent(() => import("./NewSchedulePage"), "NewSchedulePage"),
});

const scheduleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/schedules/$scheduleId",
  validateSearch: validate,
  loader: ({ context, params }) => void context.queries.prefetchQuery(scheduleQuery(params.scheduleId)),
  component: lazyRouteComponent(() => import("./SchedulePage"), "SchedulePage"),
});

const editScheduleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/schedules/$scheduleId/edit",
  loader: ({ context, params }) => void context.queries.prefetchQuery(scheduleQuery(params.scheduleId)),
  component: lazyRouteComponent(() => import("./EditSchedulePage"), "EditSchedulePage"),
});

export const schedulesRoutes = [schedulesRoute, newScheduleRoute, scheduleRoute, editScheduleRoute] as const;
