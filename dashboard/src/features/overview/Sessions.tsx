import type { paths } from "@/api/schema.gen";
import type { Session } from "@/api/types";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded, type Query } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { SessionEquity, SessionHeard, SessionName } from "@/ui/sessionCells";

type Page = paths["/v1/sessions"]["get"]["responses"]["200"]["content"]["application/json"];

const STATES: Record<Session["state"], Tone> = { running: "ok", silent: "warn", ended: "off" };

const COLUMNS: readonly Column<Session>[] = [
  {
    key: "account",
    header: "Account",
    card: "title",
    cell: (session) => <SessionName session={session} />,
  },
  { key: "strategies", header: "Strategies", cell: ({ strategies }) => strategies.join(", ") },
  { key: "state", header: "State", cell: ({ state }) => <StatusPill tone={STATES[state]} word={state} /> },
  {
    key: "equity",
    header: "Equity",
    align: "right",
    cell: (session) => (
      <span className="font-semibold">
        <SessionEquity session={session} />
      </span>
    ),
  },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: (session) => <SessionHeard session={session} />,
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
              “New session” begins one on paper, as <code>tradewright paper</code> does.
            </EmptyState>
          ) : (
            <DataTable caption="The newest sessions" columns={COLUMNS} rows={page.items} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </Panel>
  );
}
