import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "@/api/auth";
import { keys } from "@/api/keys";
import type { Role } from "@/api/types";
import { Button } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import { INPUT } from "@/ui/Field";
import { changeUser, type User } from "./queries";
import type { OneTime } from "./Users";

type Change = { verb: string; about: string; make: Parameters<typeof changeUser>[1] };

const ROLES: readonly Role[] = ["viewer", "trader", "admin"];

type Props = { user: User; onPassword: (given: OneTime) => void };

/** Role, door and password of a user; each change is reviewed, and the name is typed. */
export function UserActions({ user, onPassword }: Props) {
  const [change, setChange] = useState<Change | null>(null);
  const queries = useQueryClient();
  if (useSession()?.user.name === user.name) return <span className="text-muted">yourself</span>;
  const door: Change = user.is_active
    ? { verb: "Close the account", about: "Sign-ins and tokens end at once.", make: { is_active: false } }
    : { verb: "Open the account", about: "The user may sign in again.", make: { is_active: true } };
  const fresh: Change = {
    verb: "Give a new password",
    about: "Sign-ins end, and a one-time password is shown here once.",
    make: { reset_password: true },
  };
  const toRole = (role: Role): Change => ({
    verb: `Make 1 user ${role}`,
    about: `The role changes from ${user.role} to ${role} with the next request.`,
    make: { role },
  });
  const confirm = async (asked: Change): Promise<void> => {
    const changed = await changeUser(user.name, asked.make);
    if ("password" in changed) onPassword({ name: user.name, password: changed.password });
    await queries.invalidateQueries({ queryKey: keys.settings("users") });
  };
  return (
    <span className="flex flex-wrap justify-end gap-2 md:justify-start">
      <select
        aria-label={`Role of ${user.name}`}
        className={`${INPUT} w-auto!`}
        value={user.role}
        onChange={(event) => setChange(toRole(event.target.value as Role))}
      >
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
      <Button onClick={() => setChange(fresh)}>New password…</Button>
      <Button onClick={() => setChange(door)}>{user.is_active ? "Close…" : "Open…"}</Button>
      {change && (
        <DangerDialog
          title={`${change.verb}: ${user.name}`}
          name={user.name}
          verb={change.verb}
          onClose={() => setChange(null)}
          onConfirm={() => confirm(change)}
        >
          <p>{change.about}</p>
        </DangerDialog>
      )}
    </span>
  );
}
