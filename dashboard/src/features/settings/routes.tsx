import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/routing/roots";
import { TABS, type Tab } from "./tabs";

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  validateSearch: ({ tab, page }: Record<string, unknown>): { tab?: Tab; page?: number } => ({
    ...(TABS.some((each) => each.key === tab) && tab !== "looks" ? { tab: tab as Tab } : {}),
    ...(typeof page === "number" && page > 1 ? { page } : {}),
  }),
  component: lazyRouteComponent(() => import("./SettingsPage"), "SettingsPage"),
});

export const settingsRoutes = [settingsRoute] as const;
