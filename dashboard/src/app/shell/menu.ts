import type { LinkProps } from "@tanstack/react-router";
import type { paths } from "@/api/schema.gen";
import type { IconName } from "@/ui/Icon";

/** One page that is offered. `stands` is the API path without which it would be empty: the compiler checks that it is there. */
export type Entry = {
  to: NonNullable<LinkProps["to"]>;
  label: string;
  icon: IconName;
  group: "" | "Research" | "Trading" | "Watch";
  /** After `g`. */
  key?: string;
  stands: keyof paths;
};

export const MENU: readonly Entry[] = [
  { to: "/", label: "Overview", icon: "overview", group: "", key: "o", stands: "/v1/me" },
  {
    to: "/strategies",
    label: "Strategies",
    icon: "strategies",
    group: "Research",
    stands: "/v1/strategies",
  },
  { to: "/runs", label: "Runs", icon: "runs", group: "Research", key: "r", stands: "/v1/runs" },
  { to: "/compare", label: "Compare", icon: "compare", group: "Research", key: "c", stands: "/v1/runs/compare" },
  { to: "/data", label: "Data", icon: "data", group: "Research", key: "d", stands: "/v1/data/symbols" },
  { to: "/sessions", label: "Sessions", icon: "sessions", group: "Trading", key: "s", stands: "/v1/sessions" },
  { to: "/positions", label: "Positions", icon: "positions", group: "Trading", key: "p", stands: "/v1/positions" },
  { to: "/orders", label: "Orders", icon: "orders", group: "Trading", stands: "/v1/orders" },
  { to: "/approvals", label: "Approvals", icon: "approvals", group: "Trading", stands: "/v1/approvals" },
  { to: "/risk", label: "Risk", icon: "risk", group: "Trading", stands: "/v1/controls" },
  { to: "/jobs", label: "Jobs", icon: "jobs", group: "Watch", key: "j", stands: "/v1/jobs" },
  { to: "/schedules", label: "Schedules", icon: "schedules", group: "Watch", stands: "/v1/schedules" },
  { to: "/alerts", label: "Alerts", icon: "alerts", group: "Watch", key: "a", stands: "/v1/alerts" },
  { to: "/health", label: "Health", icon: "health", group: "Watch", key: "h", stands: "/v1/health/parts" },
  { to: "/settings", label: "Settings", icon: "settings", group: "", key: ",", stands: "/v1/me" },
];

/** What stands in the bar below on a narrow screen; the rest is behind "More". */
export const BELOW: readonly string[] = ["/", "/sessions", "/runs", "/alerts"];
