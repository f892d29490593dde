import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { Secret } from "@/ui/Secret";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { createToken, revokeToken, type Token, tokensQuery } from "./queries";
import { TokenForm } from "./TokenForm";

function State({ token: { revoked_at, expires_at } }: { token: Token }) {
  if (revoked_at) return <StatusPill tone="off" word="revoked" />;
  if (expires_at && Date.parse(expires_at) < Date.now()) return <StatusPill tone="off" word="run out" />;
  return <StatusPill tone="ok" word="good" />;
}

function Revoke({ token }: { token: Token }) {
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  if (token.revoked_at) return <span className="text-muted">–</span>;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Revoke…</Button>
      {open && (
        <DangerDialog
          title={`Revoke the token ${token.name}`}
          name={token.name}
          verb="Revoke 1 token"
          onClose={() => setOpen(false)}
          onConfirm={async () => {
            await revokeToken(token.id);
            await queries.invalidateQueries({ queryKey: keys.settings("tokens") });
          }}
        >
          <p>Programs that show it are refused from now on. It cannot be made good again.</p>
        </DangerDialog>
      )}
    </>
  );
}

const COLUMNS: readonly Column<Token>[] = [
  { key: "name", header: "Token", card: "title", cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: "user", header: "Of", cell: ({ user }) => user },
  { key: "scopes", header: "May", cell: ({ scopes }) => scopes.join(", ") },
  { key: "state", header: "State", cell: (token) => <State token={token} /> },
  {
    key: "expires",
    header: "Good until",
    cell: ({ expires_at }) => (expires_at ? <When at={expires_at} /> : "for ever"),
  },
  { key: "used", header: "Used last", cell: ({ used_at }) => (used_at ? <When at={used_at} relative /> : "never") },
  { key: "revoke", header: "Revoke", cell: (token) => <Revoke token={token} /> },
];

/** What programs show instead of a password. */
export function Tokens() {
  const query = useQuery(tokensQuery());
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: createToken,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.settings("tokens") }),
  });
  return (
    <>
      <Panel title="New token" className="max-w-3xl">
        {make.data ? (
          <Secret title={`The token ${make.data.item.name}`} secret={make.data.token} onDone={make.reset} />
        ) : (
          <TokenForm busy={make.isPending} error={make.error} onMake={make.mutate} />
        )}
      </Panel>
      <Panel title="Tokens">
        <Loaded query={query} rows={4}>
          {(page) =>
            page.total === 0 ? (
              <EmptyState title="No token yet">A program that uses the API shows one with every request.</EmptyState>
            ) : (
              <DataTable caption="Tokens" columns={COLUMNS} rows={page.items} rowKey={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
