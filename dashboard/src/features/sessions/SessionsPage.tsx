import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Session } from "@/api/types";
import { money } from "@/format/money";
import { Age } from "@/ui/Age";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { Pager } from "@/ui/Pager";
import { StatusPill } from "@/ui/StatusPill";
import { type SessionFilter, sessionsQuery } from "./queries";
import { STATES, subject } from "./words";

const EVERY_MS = 5_000;
const STALE_S = 15;

const COLUMNS: readonly Column<Session>[] = [
  {
    key: "session",
    header: "Session",
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
    cell: ({ equity, currency }) => (
      <span>
        <Num value={equity} as={(value) => money(value, currency)} reason="It has not measured itself yet." />{" "}
        <span className="text-muted text-sm">{currency}</span>
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
      <PageHead title="Sessions" lead="Paper and live trading on this machine, as each session last said." />
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
              <code>tradewright paper sma_cross --symbols ACME</code> starts one; it appears here with its first bar.
            </EmptyState>
          ) : (
            <div>
              <DataTable
                caption="Sessions, newest first"
                columns={COLUMNS}
                rows={page.items}
                rowKey={(session) => session.id}
                total={page.total}
                first={(page.page - 1) * page.per_page}
                onOpen={({ id }) => void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } })}
              />
              <Pager
                page={page.page}
                perPage={page.per_page}
                total={page.total}
                onPage={(number) => choose({ page: number })}
              />
            </div>
          )
        }
      </Loaded>
    </>
  );
}
