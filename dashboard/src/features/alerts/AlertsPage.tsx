import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { usePoll, useTopic } from "@/api/stream/live";
import type { Alert } from "@/api/types";
import { decimal } from "@/format/decimal";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { Acknowledge } from "./Acknowledge";
import { type AlertFilter, alertsQuery, alertsReducer } from "./queries";
import { SEVERITIES } from "./words";

function Sentence({ alert }: { alert: Alert }) {
  return (
    <div className="max-w-prose py-1 max-md:text-left">
      <p>{alert.sentence}</p>
      {alert.hint && <p className="font-normal text-muted text-sm">{alert.hint}</p>}
    </div>
  );
}

const COLUMNS: readonly Column<Alert>[] = [
  {
    key: "severity",
    header: "Severity",
    card: "title",
    cell: ({ severity }) => <StatusPill tone={SEVERITIES[severity][0]} word={SEVERITIES[severity][1]} />,
  },
  { key: "sentence", header: "What", card: "title", cell: (alert) => <Sentence alert={alert} /> },
  { key: "subject", header: "About", cell: (alert) => alert.subject },
  { key: "first", header: "First", cell: (alert) => <When at={alert.first_at} relative /> },
  { key: "last", header: "Last", cell: (alert) => <When at={alert.last_at} relative /> },
  {
    key: "count",
    header: "Times",
    align: "right",
    cell: (alert) => <Num value={alert.count} as={(count) => decimal(count, 0)} />,
  },
  {
    key: "state",
    header: "State",
    cell: (alert) =>
      alert.resolved_at ? (
        <StatusPill tone="ok" word="resolved" />
      ) : (
        <StatusPill tone="warn" word={alert.acknowledged_at ? "open, seen" : "open"} />
      ),
  },
  { key: "acknowledge", header: "Acknowledged", cell: (alert) => <Acknowledge alert={alert} /> },
];

const severityChoices = Object.entries(SEVERITIES).map(([value, [, word]]) => ({ value, word }));
const seenChoices = [
  { value: "false", word: "not acknowledged" },
  { value: "true", word: "acknowledged" },
];

/** What happened, and what does nobody know of yet? */
export function AlertsPage() {
  const filter = useSearch({ from: "/shell/alerts" });
  const navigate = useNavigate({ from: "/alerts" });
  const query = useQuery({ ...alertsQuery(filter), refetchInterval: usePoll(true) });
  useTopic("alerts", keys.alerts.list(filter), alertsReducer);
  const choose = (change: Partial<AlertFilter>): void => {
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }) });
  };
  const filtered = filter.severity !== undefined || filter.acknowledged !== undefined;
  return (
    <>
      <PageHead
        title="Alerts"
        lead="What a person has to know, newest first; one line as long as a state of affairs lasts."
      />
      <FilterBar>
        <Filter
          label="Severity"
          value={filter.severity}
          choices={severityChoices}
          onChange={(severity) => choose({ severity: severity as AlertFilter["severity"] })}
        />
        <Filter
          label="Seen"
          value={filter.acknowledged === undefined ? undefined : String(filter.acknowledged)}
          choices={seenChoices}
          onChange={(seen) => choose({ acknowledged: seen === undefined ? undefined : seen === "true" })}
        />
      </FilterBar>
      <Loaded query={query} rows={8}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="ok" title={filtered ? "No alert fits the filters" : "Nothing has happened"}>
              Stale feeds, halted accounts, unknown orders and failed jobs are told here.
            </EmptyState>
          ) : (
            <PagedTable
              caption="Alerts, newest first"
              found={page}
              columns={COLUMNS}
              rowKey={(alert) => alert.id}
              onPage={(number) => choose({ page: number })}
            />
          )
        }
      </Loaded>
    </>
  );
}
