import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys } from "@/api/keys";
import type { Role } from "@/api/types";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Field, SelectField } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { ProblemNote } from "@/ui/ProblemNote";
import { Secret } from "@/ui/Secret";
import { StatusPill } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { createUser, type User, usersQuery } from "./queries";
import { UserActions } from "./UserActions";

export type OneTime = { name: string; password: string };

const ROLES: readonly (readonly [Role, string])[] = [
  ["viewer", "viewer: reads"],
  ["trader", "trader: starts runs and paper sessions"],
  ["admin", "admin: everything"],
];

const columns = (onPassword: (given: OneTime) => void): readonly Column<User>[] => [
  { key: "name", header: "User", card: "title", cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: "role", header: "Role", cell: ({ role }) => role },
  {
    key: "state",
    header: "State",
    cell: ({ is_active, must_change }) => (
      <StatusPill
        tone={is_active ? (must_change ? "wait" : "ok") : "off"}
        word={is_active ? (must_change ? "has a one-time password" : "active") : "closed"}
      />
    ),
  },
  { key: "created", header: "Since", cell: ({ created_at }) => <When at={created_at} /> },
  { key: "actions", header: "Change", cell: (user) => <UserActions user={user} onPassword={onPassword} /> },
];

/** Who may sign in, and as what. */
export function Users() {
  const query = useQuery(usersQuery());
  const [given, setGiven] = useState<OneTime | null>(null);
  return (
    <>
      {given && (
        <Secret
          title={`The one-time password of ${given.name}`}
          secret={given.password}
          onDone={() => setGiven(null)}
        />
      )}
      <Panel title="Users">
        <Loaded query={query} rows={4}>
          {(page) => (
            <DataTable caption="Users by name" columns={columns(setGiven)} rows={page.items} rowKey={({ id }) => id} />
          )}
        </Loaded>
      </Panel>
      <NewUser onPassword={setGiven} />
    </>
  );
}

function NewUser({ onPassword }: { onPassword: (given: OneTime) => void }) {
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: createUser,
    onSuccess: ({ user, password }) => {
      onPassword({ name: user.name, password });
      void queries.invalidateQueries({ queryKey: keys.settings("users") });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    create.mutate({ name: String(form.get("name")), role: String(form.get("role")) as Role });
  };
  return (
    <Panel title="New user" className="max-w-3xl">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" name="name" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
        <SelectField label="Role" name="role" options={ROLES} />
        {create.error && <ProblemNote error={create.error} />}
        <div>
          <Button type="submit" look="primary" disabled={create.isPending}>
            Add the user
          </Button>
        </div>
      </form>
    </Panel>
  );
}
