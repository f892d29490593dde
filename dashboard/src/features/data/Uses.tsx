import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type DataUse, usesQuery } from "./queries";

type Props = { instrument: string; current: ReadonlySet<string> };

/** The latest runs over the stored bars, and whether the bars have changed since. */
export function Uses({ instrument, current }: Props) {
  const query = useQuery(usesQuery(instrument));
  return (
    <Panel title="Runs that used it">
      <Loaded query={query}>
        {(uses) =>
          uses.length ? (
            <DataTable
              caption="Runs that used it"
              columns={columnsOf(current)}
              rows={uses}
              rowKey={(use) => `${use.run_id} ${use.timeframe} ${use.adjustment}`}
            />
          ) : (
            <p className="text-muted">No kept run has read these bars from the store.</p>
          )
        }
      </Loaded>
    </Panel>
  );
}

const columnsOf = (current: ReadonlySet<string>): Column<DataUse>[] => [
  {
    key: "run",
    header: "Run",
    card: "title",
    cell: (use) => (
      <Link to="/runs/$runId" params={{ runId: use.run_id }} className="font-medium text-accent hover:underline">
        {use.name ?? use.strategy}
      </Link>
    ),
  },
  { key: "id", header: "Id", card: "hidden", cell: (use) => <code>{use.short_id}</code> },
  { key: "bars", header: "Bars", cell: (use) => `${use.timeframe} ${use.adjustment}` },
  {
    key: "version",
    header: "Version",
    cell: (use) =>
      current.has(use.version) ? (
        <StatusPill tone="ok" word="the current one" />
      ) : (
        <StatusPill tone="notice" word={`an earlier one, ${use.version.slice(0, 12)}`} />
      ),
  },
  { key: "kept", header: "Kept", cell: (use) => <When at={use.created_at} relative /> },
];
