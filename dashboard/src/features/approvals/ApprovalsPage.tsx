import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type Approval, type ApprovalFilter, approvalsQuery } from "./queries";
import { Revoke } from "./Revoke";
import { VerdictForm } from "./VerdictForm";

const VERDICTS: Record<Approval["verdict"], Tone> = { approved: "ok", rejected: "fail", revoked: "off" };

function Strategy({ approval: { strategy } }: { approval: Approval }) {
  const params = Object.entries(strategy.params).map(([name, value]) => `${name} ${String(value)}`);
  return (
    <span>
      <span className="font-medium">{strategy.name}</span>{" "}
      <code className="text-muted text-sm" title={`Text ${strategy.source_hash}`}>
        {strategy.source_hash.slice(0, 8)}
      </code>
      <span className="block font-normal text-muted text-sm">
        {[...params, strategy.symbols.join(", "), strategy.timeframe].join(" · ")}
      </span>
    </span>
  );
}

const COLUMNS: readonly Column<Approval>[] = [
  { key: "strategy", header: "Strategy", card: "title", cell: (approval) => <Strategy approval={approval} /> },
  { key: "stage", header: "On evidence of", cell: ({ stage }) => stage },
  {
    key: "verdict",
    header: "Verdict",
    cell: ({ verdict, in_force }) => (
      <span>
        <StatusPill tone={VERDICTS[verdict]} word={verdict} />
        {!in_force && <span className="text-muted"> (no longer in force)</span>}
      </span>
    ),
  },
  {
    key: "evidence",
    header: "Evidence",
    cell: ({ evidence }) => <code title={evidence}>{evidence.slice(0, 12)}</code>,
  },
  { key: "who", header: "By", cell: ({ who }) => who },
  { key: "reason", header: "Reason", cell: ({ reason }) => reason },
  { key: "at", header: "When", cell: ({ at }) => <When at={at} /> },
  { key: "revoke", header: "Revoke", cell: (approval) => <Revoke approval={approval} /> },
];

const forceChoices = [
  { value: "true", word: "in force" },
  { value: "false", word: "no longer" },
];

/** What may trade, by whose word and on which evidence? */
export function ApprovalsPage() {
  const { evidence, ...filter } = useSearch({ from: "/shell/approvals" });
  const navigate = useNavigate({ from: "/approvals" });
  const query = useQuery({ ...approvalsQuery(filter), refetchInterval: 60_000 });
  const choose = (change: ApprovalFilter): void => {
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }) });
  };
  return (
    <>
      <PageHead
        title="Approvals"
        lead="An approval binds one text of a strategy with its parameters, symbols and timeframe; a change of any needs a new one."
      />
      <FilterBar>
        <Filter
          label="In force"
          value={filter.in_force === undefined ? undefined : String(filter.in_force)}
          choices={forceChoices}
          onChange={(value) => choose({ in_force: value === undefined ? undefined : value === "true" })}
        />
      </FilterBar>
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="approvals" title="No verdict yet">
              A kept run or a paper session is looked at, then approved or rejected below with a reason.
            </EmptyState>
          ) : (
            <PagedTable
              caption="Verdicts, newest first"
              found={page}
              columns={COLUMNS}
              rowKey={(approval) => String(approval.number)}
              onPage={(number) => choose({ page: number })}
            />
          )
        }
      </Loaded>
      <Panel title="Give a verdict" className="max-w-3xl">
        <VerdictForm evidence={evidence ?? ""} />
      </Panel>
    </>
  );
}
