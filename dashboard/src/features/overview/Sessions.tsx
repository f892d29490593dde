import { Link } from "@tanstack/react-router";
import type { paths } from "@/api/schema.gen";
import type { Session } from "@/api/types";
import { money } from "@/format/money";
import { Age } from "@/ui/Age";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded, type Query } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";

type Page = paths["/v1/sessions"]["get"]["responses"]["200"]["content"]["application/json"];

const STALE_S = 15;
const STATES: Record<Session["state"], Tone> = { running: "ok", silent: "warn", ended: "off" };

const COLUMNS: readonly Column<Session>[] = [
  {
    key: "account",
    header: "Account",
    card: "title",
    cell: (session) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={modeOf(session)} />
        <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} className="text-accent underline">
          {session.account || session.id}
        </Link>
      </span>
    ),
  },
  { key: "strategies", header: "Strategies", cell: ({ strategies }) => strategies.join(", ") },
  { key: "state", header: "State", cell: ({ state }) => <StatusPill tone={STATES[state]} word={state} /> },
  {
    key: "equity",
    header: "Equity",
    align: "right",
    cell: ({ equity, currency }) => (
      <span className="font-semibold">
        <Num value={equity} as={(value) => money(value, currency)} reason="It has not measured itself yet." />{" "}
        <span className="font-normal text-muted text-sm">{currency}</span>
      </span>
    ),
  },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: ({ measured_at, state }) => <Age at={measured_at} limit={state === "ended" ? undefined : STALE_S} />,
  },
];

/** What trades, each session by itself: paper and live money are never added up. */
export function Sessions({ query }: { query: Query<Page> }) {
  return (
    <Panel title="Sessions" note="the newest">
      <Loaded query={query} rows={3}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="sessions" title="Nothing trades">
              Sessions that <code>tradewright paper</code> and <code>tradewright live</code> start appear here.
            </EmptyState>
          ) : (
            <DataTable caption="The newest sessions" columns={COLUMNS} rows={page.items} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </Panel>
  );
}
