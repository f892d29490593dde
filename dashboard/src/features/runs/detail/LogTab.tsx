import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { When } from "@/ui/When";
import { type LogEntry, logsQuery, type RunDetail } from "../queries";
import type { ChangeSearch } from "./RunPage";
import type { RunSearch } from "./search";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

const PER_PAGE = 100;

/** What the strategies said, at simulated time. */
export function LogTab({ run, search, change }: Props) {
  const page = search.page ?? 1;
  const query = useQuery({ ...logsQuery(run.id, { page, per_page: PER_PAGE }), enabled: Boolean(run.tables.logs) });
  if (!run.tables.logs) {
    return (
      <EmptyState icon="notice" title="The strategy logged nothing">
        <code>ctx.log("…")</code> writes here.
      </EmptyState>
    );
  }
  return (
    <Loaded query={query} rows={8}>
      {(found) => (
        <section aria-label="Log">
          <DataTable
            caption="Log"
            columns={columnsOf(run.zone)}
            rows={found.items}
            rowKey={(entry) => String(entry.number)}
            total={found.total}
            first={(page - 1) * PER_PAGE}
          />
          <Pager
            page={page}
            perPage={PER_PAGE}
            total={found.total}
            words={["Previous", "Next"]}
            onPage={(next) => change({ page: next > 1 ? next : undefined })}
          />
        </section>
      )}
    </Loaded>
  );
}

const columnsOf = (zone: string): Column<LogEntry>[] => [
  { key: "time", header: "Time", card: "title", cell: (entry) => <When at={entry.time} exchange={zone} /> },
  { key: "strategy", header: "Strategy", card: "hidden", cell: (entry) => entry.strategy },
  { key: "message", header: "Message", cell: (entry) => <span className="whitespace-pre-wrap">{entry.message}</span> },
  {
    key: "fields",
    header: "Fields",
    cell: (entry) => (
      <code className="break-words text-muted text-sm">
        {Object.entries(entry.fields)
          .map(([name, value]) => `${name}=${String(value)}`)
          .join(" ")}
      </code>
    ),
  },
];
