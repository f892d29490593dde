import type { Session } from "@/api/types";
import type { Tone } from "@/ui/StatusPill";

/** How a session stands, as icon and word. */
export const STATES: Record<Session["state"], [tone: Tone, word: string]> = {
  running: ["ok", "running"],
  silent: ["warn", "silent"],
  ended: ["off", "ended"],
};

/** What a session trades, in a few words. */
export function subject({ strategies, symbols, timeframe }: Session): string {
  const few =
    symbols.length > 3 ? `${symbols.slice(0, 3).join(", ")} and ${symbols.length - 3} more` : symbols.join(", ");
  return [strategies.join(", "), few, timeframe].filter(Boolean).join(" · ");
}
