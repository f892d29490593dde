import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema.gen";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { serverQuery } from "./queries";

type Value = components["schemas"]["SettingValue"];
type Credential = components["schemas"]["Credential"];

const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const VALUES: readonly Column<Value>[] = [
  { key: "key", header: "Key", card: "title", cell: ({ key }) => <code>{key}</code> },
  { key: "value", header: "Value", cell: ({ value }) => <code className="break-all">{written(value)}</code> },
  { key: "origin", header: "Said by", cell: ({ origin }) => origin },
  { key: "about", header: "What it is", cell: ({ description }) => <span className="text-muted">{description}</span> },
];

const CREDENTIALS: readonly Column<Credential>[] = [
  { key: "name", header: "Secret", card: "title", cell: ({ name }) => name },
  { key: "kept", header: "Kept", cell: ({ kept }) => kept },
  {
    key: "present",
    header: "There",
    cell: ({ present, problem }) => (
      <StatusPill tone={problem ? "fail" : present ? "ok" : "off"} word={problem ?? (present ? "yes" : "no")} />
    ),
  },
];

/** What the server was told, and by whom; secrets are only said to be there. */
export function ServerSettings() {
  const query = useQuery(serverQuery());
  return (
    <Loaded query={query} rows={8}>
      {({ values, credentials, file }) => (
        <>
          <Panel title="Settings in force" note={file ? `from ${file}` : "without a settings file"}>
            <DataTable caption="Settings" columns={VALUES} rows={values} rowKey={({ key }) => key} />
          </Panel>
          {credentials.length > 0 && (
            <Panel title="Secrets">
              <DataTable caption="Secrets" columns={CREDENTIALS} rows={credentials} rowKey={({ name }) => name} />
            </Panel>
          )}
        </>
      )}
    </Loaded>
  );
}
