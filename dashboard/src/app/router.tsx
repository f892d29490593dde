import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { alertsRoutes } from "@/features/alerts/routes";
import { approvalsRoutes } from "@/features/approvals/routes";
import { authRoutes } from "@/features/auth/routes";
import { compareRoutes } from "@/features/compare/routes";
import { dataRoutes } from "@/features/data/routes";
import { healthRoutes } from "@/features/health/routes";
import { jobsRoutes } from "@/features/jobs/routes";
import { ordersRoutes } from "@/features/orders/routes";
import { overviewRoutes } from "@/features/overview/routes";
import { positionsRoutes } from "@/features/positions/routes";
import { riskRoutes } from "@/features/risk/routes";
import { runsRoutes } from "@/features/runs/routes";
import { schedulesRoutes } from "@/features/schedules/routes";
import { sessionsRoutes } from "@/features/sessions/routes";
import { settingsRoutes } from "@/features/settings/routes";
import { strategiesRoutes } from "@/features/strategies/routes";
import { rootRoute, shellRoute } from "@/routing/roots";
import { NotFound } from "./NotFound";
import { PageFailed } from "./PageFailed";
import { Shell } from "./shell/Shell";

shellRoute.update({ component: Shell });

const routeTree = rootRoute.addChildren([
  ...authRoutes,
  shellRoute.addChildren([
    ...overviewRoutes,
    ...strategiesRoutes,
    ...runsRoutes,
    ...compareRoutes,
    ...dataRoutes,
    ...jobsRoutes,
    ...schedulesRoutes,
    ...alertsRoutes,
    ...healthRoutes,
    ...settingsRoutes,
    ...sessionsRoutes,
    ...positionsRoutes,
    ...ordersRoutes,
    ...approvalsRoutes,
    ...riskRoutes,
  ]),
]);

export function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageFailed,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
