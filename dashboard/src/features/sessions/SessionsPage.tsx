import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Session } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { StatusPill } from "@/ui/StatusPill";
import { SessionEquity, SessionHeard, SessionName } from "@/ui/sessionCells";
import { type SessionFilter, sessionsQuery } from "./queries";
import { STATES, subject } from "./words";

const EVERY_MS = 5_000;

const COLUMNS: readonly Column<Session>[] = [
  {
    key: "session",
    header: "Session",
    card: "title",
    cell: (session) => <SessionName session={session} />,
  },
  { key: "what", header: "What", cell: subject },
  {
    key: "state",
    header: "State",
    cell: ({ state }) => <StatusPill tone={STATES[state][0]} word={STATES[state][1]} />,
  },
  {
    key: "equity",
    header: "Equity",
    align: "right",
    cell: (session) => <SessionEquity session={session} />,
  },
  {
    key: "heard",
    header: "Heard",
    align: "right",
    cell: (session) => <SessionHeard session={session} />,
  },
];

const stateChoices = Object.entries(STATES).map(([value, [, word]]) => ({ value, word }));
const modeChoices = [
  { value: "paper", word: "paper" },
  { value: "live", word: "live" },
];

/** Is it doing what was tested? */
export function SessionsPage() {
  const filter = useSearch({ from: "/shell/sessions" });
  const navigate = useNavigate({ from: "/sessions" });
  const query = useQuery({ ...sessionsQuery(filter), refetchInterval: EVERY_MS });
  const choose = (change: Partial<SessionFilter>): void => {
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }) });
  };
  return (
    <>
      <PageHead
        title="Sessions"
        lead="Paper and live trading on this machine, as each session last said."
        actions={
          <Link to="/sessions/new" className={buttonClass("primary")}>
            New session
          </Link>
        }
      />
      <FilterBar>
        <Filter
          label="State"
          value={filter.state}
          choices={stateChoices}
          onChange={(state) => choose({ state: state as SessionFilter["state"] })}
        />
        <Filter
          label="Mode"
          value={filter.mode}
          choices={modeChoices}
          onChange={(mode) => choose({ mode: mode as SessionFilter["mode"] })}
        />
      </FilterBar>
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState
              icon="sessions"
              title={filter.state || filter.mode ? "No session fits the filters" : "No session yet"}
            >
              “New session” starts one on paper, and so does <code>tradewright paper sma_cross --symbols ACME</code>.
            </EmptyState>
          ) : (
            <PagedTable
              caption="Sessions, newest first"
              found={page}
              columns={COLUMNS}
              rowKey={(session) => session.id}
              onOpen={({ id }) => void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } })}
              onPage={(number) => choose({ page: number })}
            />
          )
        }
      </Loaded>
    </>
  );
}
