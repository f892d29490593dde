import { Link } from "@tanstack/react-router";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { useRunningSessions } from "./underWay";

const ORDER = ["LIVE", "SANDBOX", "PAPER"];

/** What runs now, by whose money it is. */
export function ModeSummary() {
  const modes = useRunningSessions().map(modeOf);
  const shown = ORDER.filter((mode) => modes.includes(mode));
  if (shown.length === 0) return null;
  return (
    <Link to="/sessions" search={{ state: "running" }} className="mr-2 flex gap-1.5">
      <span className="sr-only">Running sessions:</span>
      {shown.map((mode) => (
        <ModeBadge key={mode} mode={mode} count={modes.filter((each) => each === mode).length} />
      ))}
    </Link>
  );
}
