import { decimal } from "@/format/decimal";
import { Missing } from "@/ui/MetricText";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import type { SeriesFreshness } from "./queries";

const STATES: Record<SeriesFreshness["state"], Tone> = { fresh: "ok", late: "notice", stale: "warn", unknown: "off" };

/** Whether bars are as fresh as they can be; the sentence says why. */
export function Freshness({ of }: { of: SeriesFreshness }) {
  return (
    <>
      <StatusPill tone={STATES[of.state]} word={of.state} title={of.sentence} />
      <span className="sr-only">. {of.sentence}</span>
    </>
  );
}

/** How many sessions closed since the last bar. */
export function Lag({ of }: { of: SeriesFreshness }) {
  const { sessions_behind: sessions, sentence } = of;
  if (sessions === null) return <Missing reason={sentence} />;
  return (
    <span className="whitespace-nowrap tabular-nums" title={sentence}>
      {sessions === 0 ? "none" : sessions === 1 ? "1 session" : `${decimal(sessions, 0)} sessions`}
    </span>
  );
}
