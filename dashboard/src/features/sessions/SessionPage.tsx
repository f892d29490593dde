import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { components } from "@/api/schema.gen";
import { decimal } from "@/format/decimal";
import { money } from "@/format/money";
import { Facts } from "@/ui/Facts";
import { Figures } from "@/ui/Figures";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { SessionHeard } from "@/ui/sessionCells";
import { DecisionList } from "./DecisionList";
import { sessionQuery } from "./queries";
import { StopSession } from "./StopSession";
import { STATES, subject } from "./words";

type Session = components["schemas"]["SessionDetail"];

const EVERY_MS = 5_000;
const NOT_MEASURED = "The session has not measured itself yet.";

/** Is it doing what was tested? */
export function SessionPage() {
  const { sessionId } = useParams({ from: "/shell/sessions/$sessionId" });
  const query = useQuery({ ...sessionQuery(sessionId), refetchInterval: EVERY_MS });
  return (
    <Loaded query={query} rows={8}>
      {(session) => <SessionView session={session} />}
    </Loaded>
  );
}

function SessionView({ session }: { session: Session }) {
  const mode = modeOf(session);
  const [tone, word] = STATES[session.state];
  return (
    <>
      {mode === "LIVE" && <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-1 bg-danger" />}
      <PageHead
        title={session.account || session.id}
        documentTitle={`${mode} ${session.account}`}
        badge={
          <>
            <ModeBadge mode={mode} />
            <StatusPill tone={tone} word={word} />
          </>
        }
        lead={
          <>
            {subject(session)} · heard <SessionHeard session={session} />
            {session.why_ended && ` · ended: ${session.why_ended}`}
          </>
        }
        actions={session.state !== "ended" && <StopSession id={session.id} account={session.account} mode={mode} />}
      />
      <Measures session={session} />
      <DecisionList id={session.id} />
      <About session={session} />
    </>
  );
}

function Measures({ session: { currency, equity, cash, rows, feed_connected, feed_age_s } }: { session: Session }) {
  const amount = (value: string | null): string => money(value, currency);
  const whole = (value: number | null): string => decimal(value, 0);
  const feed = feed_connected === null ? null : feed_connected ? "connected" : "not connected";
  return (
    <Figures
      label="Measures"
      figures={[
        [`Equity, ${currency}`, <Num key="equity" value={equity} as={amount} reason={NOT_MEASURED} />],
        [`Cash, ${currency}`, <Num key="cash" value={cash} as={amount} reason={NOT_MEASURED} />],
        ["Rows of bars worked", <Num key="rows" value={rows} as={whole} reason={NOT_MEASURED} />],
        ["Feed", <span key="feed">{feed ?? "n/a"}</span>],
        ["Last row was heard after, s", <Num key="age" value={feed_age_s} as={whole} reason="No row has come yet." />],
      ]}
    />
  );
}

function About({ session }: { session: Session }) {
  const latencies = Object.entries(session.latency_ms).filter(([, value]) => value !== null);
  return (
    <Panel title="About">
      <Facts
        facts={[
          ["Session", <code key="id">{session.id}</code>],
          ["Broker", `${session.broker}, fills ${session.fills}${session.is_dry ? ", dry run" : ""}`],
          ["Strategies", session.strategies.join(", ")],
          ["Symbols", session.symbols.join(", ")],
          ...latencies.map(([name, value]) => [`Latency ${name}, ms`, decimal(value, 1)] as const),
        ]}
      />
    </Panel>
  );
}
