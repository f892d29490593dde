import type { Tone } from "@/ui/StatusPill";

/** How far a strategy has been let go: a word, a tone, and what it means. */
export const STAGES: Record<string, { tone: Tone; means: string }> = {
  draft: { tone: "wait", means: "It has not run yet" },
  tested: { tone: "notice", means: "It has kept runs; nobody has approved it" },
  searched: { tone: "notice", means: "Its parameters were searched; nobody has approved it" },
  walked: { tone: "notice", means: "It was walked forward; nobody has approved it" },
  paper: { tone: "ok", means: "A person approved it for paper" },
  live: { tone: "ok", means: "A person approved it for live trading" },
};
