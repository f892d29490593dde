import { Link } from "@tanstack/react-router";
import { placeOf } from "@/format/time";
import { STATES } from "@/ui/jobWords";
import { Missing } from "@/ui/MetricText";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import type { Firing, Schedule } from "./queries";

/** What becomes of times at which nobody could begin the work. */
export const MISSED: Record<Schedule["missed"], string> = {
  once: "made up for once",
  skip: "passed over",
  all: "each made up for",
};

export const CAUSES: Record<Firing["cause"], string> = {
  due: "in time",
  missed: "made up for",
  hand: "asked for by hand",
};

/** Why one that the settings declare cannot be changed here. */
export const DECLARED = "The settings say it: change it in tradewright.yaml.";

/** Whether it begins work by itself, and whether the settings say so. */
export function Standing({ schedule: { paused_at, next_at, declared } }: { schedule: Schedule }) {
  const [tone, word] =
    paused_at !== null
      ? (["off", "paused"] as const)
      : next_at === null
        ? (["warn", "never due"] as const)
        : (["ok", "active"] as const);
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <StatusPill tone={tone} word={word} />
      {declared && <span className="text-muted text-sm">from settings</span>}
    </span>
  );
}

/** What was said of when it is due; the clock on the wall of a zone says where. */
export function Due({ schedule: { when, zone } }: { schedule: Schedule }) {
  return (
    <span>
      <code className="whitespace-nowrap">{when}</code>
      {!/\b(open|close)\b/i.test(when) && <span className="text-muted"> {placeOf(zone)}</span>}
    </span>
  );
}

/** When it is due next. */
export function Next({ schedule: { next_at, paused_at } }: { schedule: Schedule }) {
  if (next_at === null)
    return <Missing reason={paused_at === null ? "no time of it comes any more" : "it is paused"} />;
  return (
    <span className="whitespace-nowrap">
      <When at={next_at} relative />{" "}
      <span className="text-muted max-md:hidden">
        · <When at={next_at} />
      </span>
    </span>
  );
}

/** What became of one time: its job as it stands, or why there is none. */
export function Outcome({ firing: { state, job_id, job_state, missed } }: { firing: Firing }) {
  if (state === "refused") return <StatusPill tone="fail" word="refused" />;
  if (state === "skipped")
    return <StatusPill tone="off" word={missed > 1 ? `${missed} times passed over` : "passed over"} />;
  const [tone, word] = job_state ? STATES[job_state] : (["wait", "about to begin"] as const);
  if (!job_id || !job_state) return <StatusPill tone={tone} word={word} />;
  return (
    <Link to="/jobs/$jobId" params={{ jobId: job_id }} className="underline">
      <StatusPill tone={tone} word={word} />
    </Link>
  );
}
