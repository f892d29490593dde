import type { Control } from "@/api/types";
import type { Tone } from "./StatusPill";

/** How the kill switch of an account stands: the icon, and the words. */
export function controlState(control: Control): [tone: Tone, word: string] {
  if (control.problem) return ["fail", "not known"];
  if (control.latched) return ["fail", control.acknowledged ? "blocked" : "blocked, not heard yet"];
  if (control.halted) return ["fail", "halted by drawdown"];
  if (control.paused) return ["warn", "paused by day loss"];
  return ["ok", "may trade"];
}
