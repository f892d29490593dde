import { Link } from "@tanstack/react-router";
import type { Session } from "@/api/types";
import { money } from "@/format/money";
import { Age } from "./Age";
import { ModeBadge } from "./ModeBadge";
import { modeOf } from "./modes";
import { Num } from "./Num";

/** After so many seconds without a word of a session, what it last said is stale. */
export const STALE_S = 15;

/** Its mode and account, and the way to its page. */
export function SessionName({ session }: { session: Session }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <ModeBadge mode={modeOf(session)} />
      <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} className="text-accent underline">
        {session.account || session.id}
      </Link>
    </span>
  );
}

/** What it is worth, in its currency. */
export function SessionEquity({ session: { equity, currency } }: { session: Session }) {
  return (
    <span>
      <Num value={equity} as={(value) => money(value, currency)} reason="It has not measured itself yet." />{" "}
      <span className="font-normal text-muted text-sm">{currency}</span>
    </span>
  );
}

/** How long ago it measured itself; the word of one that has ended does not grow stale. */
export function SessionHeard({ session: { measured_at, state } }: { session: Session }) {
  return <Age at={measured_at} limit={state === "ended" ? undefined : STALE_S} />;
}
