import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { components } from "@/api/schema.gen";
import type { Session } from "@/api/types";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { approvalsOfQuery, type StrategyDetail, sessionsQuery } from "./queries";

type Approval = components["schemas"]["GivenApproval"];

const MOST_SESSIONS = 10;
const STATES: Record<Session["state"], Tone> = { running: "busy", silent: "warn", ended: "off" };

/** Where it trades, or traded. */
export function StrategySessions({ strategy }: { strategy: StrategyDetail }) {
  const query = useQuery(sessionsQuery());
  return (
    <Panel title="Sessions">
      <Loaded query={query} rows={2}>
        {(found) => {
          const own = found.items.filter((session) => session.strategies.includes(strategy.class_name ?? ""));
          if (!own.length) return <EmptyState icon="sessions" title="It has not traded on paper or live" />;
          return (
            <DataTable
              caption="Its sessions"
              columns={SESSIONS}
              rows={own.slice(0, MOST_SESSIONS)}
              rowKey={(session) => session.id}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}

const SESSIONS: Column<Session>[] = [
  {
    key: "id",
    header: "Session",
    card: "title",
    cell: (session) => (
      <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} className="text-accent hover:underline">
        {session.id}
      </Link>
    ),
  },
  { key: "mode", header: "Mode", cell: (session) => <ModeBadge mode={session.mode} /> },
  {
    key: "state",
    header: "State",
    cell: (session) => <StatusPill tone={STATES[session.state]} word={session.state} />,
  },
  { key: "symbols", header: "Symbols", cell: (session) => session.symbols.join(", ") },
];

/** What persons said of its evidence. */
export function StrategyApprovals({ strategy }: { strategy: StrategyDetail }) {
  const query = useQuery(approvalsOfQuery(strategy.class_name));
  if (strategy.class_name === null) return null;
  return (
    <Panel title="Approvals">
      <Loaded query={query} rows={2}>
        {(found) =>
          found.total ? (
            <DataTable
              caption="What was said of its evidence"
              columns={APPROVALS}
              rows={found.items}
              rowKey={(said) => String(said.number)}
            />
          ) : (
            <EmptyState icon="approvals" title="Nobody has said anything of its evidence" />
          )
        }
      </Loaded>
    </Panel>
  );
}

const APPROVALS: Column<Approval>[] = [
  {
    key: "verdict",
    header: "Verdict",
    card: "title",
    cell: (said) => (
      <StatusPill
        tone={said.in_force ? "ok" : said.verdict === "approved" ? "off" : "fail"}
        word={said.in_force || said.verdict !== "approved" ? said.verdict : "no longer in force"}
      />
    ),
  },
  { key: "stage", header: "Evidence of", cell: (said) => said.stage },
  { key: "who", header: "By", cell: (said) => said.who },
  { key: "reason", header: "Reason", cell: (said) => said.reason },
  { key: "at", header: "When", cell: (said) => <When at={said.at} relative /> },
];
