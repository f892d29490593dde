import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { type ApprovalFilter, approvalsQuery } from "./queries";

type Search = ApprovalFilter & { evidence?: string };

function validate({ page, in_force, evidence }: Record<string, unknown>): Search {
  return {
    ...(typeof page === "number" && page > 1 ? { page } : {}),
    ...(typeof in_force === "boolean" ? { in_force } : {}),
    ...(typeof evidence === "string" || typeof evidence === "number" ? { evidence: String(evidence) } : {}),
  };
}

const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/approvals",
  validateSearch: validate,
  loaderDeps: ({ search: { page, in_force } }) => ({ page, in_force }),
  loader: ({ context, deps }) => void context.queries.prefetchQuery(approvalsQuery(deps)),
  component: lazyRouteComponent(() => import("./ApprovalsPage"), "ApprovalsPage"),
});

export const approvalsRoutes = [approvalsRoute] as const;
