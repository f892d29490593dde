import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { decimal } from "@/format/decimal";
import { duration } from "@/format/duration";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { SessionHeard } from "@/ui/sessionCells";
import { Begins } from "./Begins";
import { DecisionList } from "./DecisionList";
import { Drift } from "./Drift";
import { Money } from "./Money";
import { moneyQuery, type SessionDetail, sessionQuery, sessionsQuery } from "./queries";
import { RiskUse } from "./RiskUse";
import { SessionActions } from "./SessionActions";
import { SessionChart } from "./SessionChart";
import { SessionFills } from "./SessionFills";
import { SessionOrders } from "./SessionOrders";
import { SessionPositions } from "./SessionPositions";
import { useSessionEvents } from "./useSessionEvents";
import { WorkingOrders } from "./WorkingOrders";
import { STATES, subject } from "./words";

const EVERY_MS = 5_000;
const BEGINS_MS = 1_000;

/** Is it doing what was tested? */
export function SessionPage() {
  const { sessionId } = useParams({ from: "/shell/sessions/$sessionId" });
  const { job } = useSearch({ from: "/shell/sessions/$sessionId" });
  const isThere = useIsThere(sessionId, job !== undefined);
  const query = useQuery({ ...sessionQuery(sessionId), refetchInterval: EVERY_MS, enabled: isThere });
  if (job && !isThere) return <Begins session={sessionId} job={job} />;
  return (
    <Loaded query={query} rows={8}>
      {(session) => <SessionView key={session.id} session={session} />}
    </Loaded>
  );
}

/** Whether a session that was just asked for is among the newest yet; of any other one nothing has to be asked. */
function useIsThere(id: string, isNew: boolean): boolean {
  const found = useQuery({
    ...sessionsQuery({}),
    enabled: isNew,
    refetchInterval: ({ state }) => (state.data?.items.some((each) => each.id === id) ? false : BEGINS_MS),
  });
  return !isNew || Boolean(found.data?.items.some((each) => each.id === id));
}

function SessionView({ session }: { session: SessionDetail }) {
  const refetchInterval = useSessionEvents(session.id);
  const money = useQuery({ ...moneyQuery(session.id), refetchInterval });
  return (
    <>
      <SessionHead session={session} />
      <Loaded query={money} rows={3}>
        {(figures) => <Money figures={figures} />}
      </Loaded>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <SessionChart session={session} />
        {money.data && (
          <div className="flex min-w-0 flex-col gap-4">
            <RiskUse session={session} money={money.data} />
            <Drift session={session} money={money.data} />
          </div>
        )}
      </div>
      <SessionPositions id={session.id} />
      <WorkingOrders id={session.id} />
      <SessionOrders id={session.id} />
      <SessionFills id={session.id} currency={session.currency} />
      <DecisionList id={session.id} />
      <About session={session} />
    </>
  );
}

function SessionHead({ session }: { session: SessionDetail }) {
  const mode = modeOf(session);
  const [tone, word] = STATES[session.state];
  const account = session.account || session.id;
  return (
    <>
      {mode === "LIVE" && <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-1 bg-danger" />}
      <PageHead
        title={account}
        documentTitle={`${mode} ${account}`}
        badge={
          <>
            <ModeBadge mode={mode} />
            <StatusPill tone={tone} word={word} />
          </>
        }
        lead={<Lead session={session} />}
        actions={<SessionActions session={session} mode={mode} />}
      />
    </>
  );
}

function Lead({ session }: { session: SessionDetail }) {
  const { feed_connected, feed_age_s, why_ended } = session;
  const feed =
    feed_connected === null ? ["wait", "no feed yet"] : feed_connected ? ["ok", "feed"] : ["warn", "feed stale"];
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>{subject(session)}</span>
      <span>
        heard <SessionHeard session={session} />
      </span>
      {session.state !== "ended" && (
        <span className="inline-flex items-center gap-1">
          <StatusPill tone={feed[0] as "ok"} word={feed[1] as string} />
          {feed_age_s !== null && (
            <span title="Between the close of its last bar and its last word">{duration(feed_age_s)}</span>
          )}
        </span>
      )}
      {session.is_dry && <StatusPill tone="notice" word="dry run: nothing is sent" />}
      {why_ended && <span>ended: {why_ended}</span>}
    </span>
  );
}

function About({ session }: { session: SessionDetail }) {
  const latencies = Object.entries(session.latency_ms).filter(([, value]) => value !== null);
  return (
    <Panel title="About">
      <Facts
        facts={[
          ["Session", <code key="id">{session.id}</code>],
          ["Broker", `${session.broker}, fills ${session.fills}${session.is_dry ? ", dry run" : ""}`],
          ["Strategies", session.strategies.join(", ")],
          ["Symbols", session.symbols.join(", ")],
          ["Rows of bars worked", decimal(session.rows, 0)],
          ...latencies.map(([name, value]) => [`Latency ${name}, ms`, decimal(value, 1)] as const),
        ]}
      />
    </Panel>
  );
}
