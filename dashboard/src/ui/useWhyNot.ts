import { useSession } from "@/api/auth";
import { useAnswers } from "@/api/reach";
import type { Role } from "@/api/types";

const RANKS: Record<Role, number> = { viewer: 0, trader: 1, admin: 2 };

const KILL = "The server does not answer; on its machine type: tradewright kill";

/** Why the person may not act now: offline, or without the role; undefined where nothing stands against it. */
export function useWhyNot(role: Role, offline = KILL): string | undefined {
  const answers = useAnswers();
  const own = useSession()?.user.role ?? "viewer";
  if (!answers) return offline;
  return RANKS[own] < RANKS[role] ? `This takes the role ${role}.` : undefined;
}
