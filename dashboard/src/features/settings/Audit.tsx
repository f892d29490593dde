import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
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
          <>
            <DataTable
              caption="Who did what, the latest first"
              columns={COLUMNS}
              rows={found.items}
              rowKey={({ number }) => String(number)}
              total={found.total}
              first={(found.page - 1) * found.per_page}
            />
            <Pager
              page={found.page}
              perPage={found.per_page}
              total={found.total}
              onPage={(number) => void navigate({ search: { tab: "audit", page: number } })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
