import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded, type Query } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import type { Provider } from "./queries";
import { Source } from "./Source";

/** From whom bars can be had: who can be asked as the settings stand, and whose bars are made up. */
export function Providers({ query }: { query: Query<readonly Provider[]> }) {
  return (
    <Panel title="Providers" note="as the settings of the server stand; whether they answer is not looked at">
      <Loaded query={query} rows={4}>
        {(found) => (
          <DataTable caption="Providers by name" columns={COLUMNS} rows={found} rowKey={({ name }) => name} />
        )}
      </Loaded>
    </Panel>
  );
}

const streamed = ({ live_bars, live_quotes }: Provider) =>
  [live_bars && "bars", live_quotes && "quotes"].filter(Boolean).join(" and ") || "nothing";

const COLUMNS: readonly Column<Provider>[] = [
  {
    key: "name",
    header: "Provider",
    card: "title",
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { key: "kind", header: "Kind", cell: ({ kind }) => kind },
  {
    key: "configured",
    header: "Configured",
    card: "title",
    cell: ({ configured, named }) => (
      <StatusPill
        tone={configured ? "ok" : named ? "warn" : "off"}
        word={configured ? "can be asked" : named ? "lacks what it needs" : "not configured"}
      />
    ),
  },
  {
    key: "synthetic",
    header: "Its bars",
    cell: ({ synthetic }) => <Source synthetic={synthetic} source="of a market" />,
  },
  { key: "live", header: "Streams", cell: (provider) => streamed(provider) },
];
