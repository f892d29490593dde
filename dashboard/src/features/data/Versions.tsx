import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { decimal } from "@/format/decimal";
import type { Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PagedTable } from "@/ui/PagedTable";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { type DataUse, type SeriesQuality, type SeriesVersion, usesQuery, versionsQuery } from "./queries";
import { Source } from "./Source";

const WHY: Record<SeriesVersion["why"], string> = {
  import: "bars of a file",
  fetch: "more bars of the source",
  revision: "the source revised them",
};
const MOST_RUNS = 3;

/** Every version of a series that is kept: what made it, and which runs read it. */
export function Versions({ series }: { series: SeriesQuality }) {
  const [page, setPage] = useState(1);
  const query = useQuery(versionsQuery(series, page));
  const { data: uses } = useQuery(usesQuery(series.instrument));
  const columns = useMemo(() => columnsOf(uses ?? []), [uses]);
  return (
    <section aria-label={`Versions of ${series.timeframe}, ${series.adjustment}`} className="min-w-0">
      <h3 className="mb-1 font-semibold">Versions</h3>
      <Loaded query={query}>
        {(found) => (
          <PagedTable
            caption="Versions, the current one first"
            found={found}
            columns={columns}
            rowKey={({ version }) => version}
            onPage={setPage}
          />
        )}
      </Loaded>
    </section>
  );
}

const whole = (value: number): string => decimal(value, 0);

const columnsOf = (uses: readonly DataUse[]): Column<SeriesVersion>[] => [
  {
    key: "version",
    header: "Version",
    card: "title",
    cell: ({ version, current }) => (
      <span className="inline-flex flex-wrap gap-x-2">
        <code title={version}>{version.slice(0, 12)}</code>
        {current && <StatusPill tone="ok" word="current" />}
      </span>
    ),
  },
  { key: "why", header: "Why", cell: ({ why }) => WHY[why] },
  { key: "at", header: "Written", cell: ({ at }) => <When at={at} /> },
  { key: "rows", header: "Rows", align: "right", cell: ({ rows }) => <Num value={rows} as={whole} /> },
  { key: "period", header: "Last bar", card: "hidden", cell: ({ last }) => last.slice(0, 10) },
  { key: "source", header: "From", cell: (each) => <Source synthetic={each.synthetic} source={each.source} /> },
  {
    key: "runs",
    header: "Used by",
    cell: ({ version }) => <Readers uses={uses.filter((use) => use.version === version)} />,
  },
];

function Readers({ uses }: { uses: readonly DataUse[] }) {
  if (uses.length === 0) return <span className="text-muted">no kept run</span>;
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {uses.slice(0, MOST_RUNS).map((use) => (
        <Link key={use.run_id} to="/runs/$runId" params={{ runId: use.run_id }} className="text-accent hover:underline">
          {use.name ?? use.short_id}
        </Link>
      ))}
      {uses.length > MOST_RUNS && <span className="text-muted">and {uses.length - MOST_RUNS} more</span>}
    </span>
  );
}
