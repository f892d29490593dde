import type { Alert } from "@/api/types";
import type { Tone } from "@/ui/StatusPill";

/** How much an alert matters, as icon and word. */
export const SEVERITIES: Record<Alert["severity"], [tone: Tone, word: string]> = {
  critical: ["fail", "critical"],
  warning: ["warn", "warning"],
  info: ["notice", "info"],
};
