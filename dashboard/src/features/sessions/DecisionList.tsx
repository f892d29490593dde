import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { components } from "@/api/schema.gen";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";
import { decisionsQuery } from "./queries";

type Decision = components["schemas"]["Decision"];

const EVERY_MS = 5_000;

/** What the engine calls its outputs, as people read it. */
const KINDS: Record<string, string> = {
  Placed: "order",
  Replaced: "order",
  CancelAsked: "cancel",
  Happened: "event",
  Logged: "log",
  Tripped: "limit",
  StrategyFailed: "failure",
};

const COLUMNS: readonly Column<Decision>[] = [
  { key: "at", header: "At", card: "title", cell: ({ at }) => <When at={at} seconds /> },
  { key: "kind", header: "What", cell: ({ kind }) => KINDS[kind] ?? kind },
  { key: "symbol", header: "Symbol", cell: ({ symbol }) => symbol ?? "–" },
  { key: "sentence", header: "Why", cell: ({ sentence }) => sentence },
];

/** What a session decided and was told, the latest first; the page stands in the address. */
export function DecisionList({ id }: { id: string }) {
  const { page = 1 } = useSearch({ from: "/shell/sessions/$sessionId" });
  const navigate = useNavigate({ from: "/sessions/$sessionId" });
  const query = useQuery({ ...decisionsQuery(id, page), refetchInterval: EVERY_MS });
  return (
    <Panel title="Decisions" note="the latest first">
      <Loaded query={query} rows={5}>
        {(found) =>
          found.total === 0 ? (
            <EmptyState title="No decision yet">
              Each bar that closes brings one: an order, or why there is none.
            </EmptyState>
          ) : (
            <PagedTable
              caption="Decisions, the latest first"
              found={found}
              columns={COLUMNS}
              rowKey={(each) => `${each.number} ${each.kind} ${each.symbol} ${each.sentence}`}
              onPage={(number) => void navigate({ search: { page: number } })}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
