import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { Panel } from "@/ui/Panel";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type AuditEntry, auditQuery } from "./queries";

const OUTCOMES: Record<string, Tone> = { done: "ok", refused: "warn", failed: "fail" };

const COLUMNS: readonly Column<AuditEntry>[] = [
  { key: "action", header: "Action", card: "title", cell: ({ action }) => <code>{action}</code> },
  { key: "at", header: "At", cell: ({ at }) => <When at={at} seconds /> },
  { key: "who", header: "By", cell: ({ who }) => who },
  { key: "subject", header: "On", cell: ({ subject }) => <span className="break-all">{subject}</span> },
  {
    key: "outcome",
    header: "Outcome",
    cell: ({ outcome }) => <StatusPill tone={OUTCOMES[outcome] ?? "notice"} word={outcome} />,
  },
  { key: "address", header: "From", card: "hidden", cell: ({ address }) => address ?? "–" },
];

/** Who did what, the latest first. */
export function Audit() {
  const { page = 1 } = useSearch({ from: "/shell/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const query = useQuery(auditQuery(page));
  return (
    <Panel title="Audit" note="who did what, the latest first">
      <Loaded query={query} rows={8}>
        {(found) => (
          <PagedTable
            caption="Who did what, the latest first"
            found={found}
            columns={COLUMNS}
            rowKey={({ number }) => String(number)}
            onPage={(number) => void navigate({ search: { tab: "audit", page: number } })}
          />
        )}
      </Loaded>
    </Panel>
  );
}
