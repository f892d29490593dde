import { type FormEvent, useState } from "react";
import { changePassword } from "@/api/auth";
import { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Panel } from "@/ui/Panel";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";

/** Change one's own password. */
export function Password() {
  const [state, setState] = useState<"asked" | "changed" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const field = (name: string): string | undefined =>
    error instanceof Problem ? error.fields.find((each) => each.pointer.endsWith(`/${name}`))?.detail : undefined;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const written = new FormData(form);
    setState("asked");
    setError(null);
    changePassword(String(written.get("old")), String(written.get("new")))
      .then(() => {
        form.reset();
        setState("changed");
      })
      .catch((problem) => {
        setError(problem);
        setState(null);
      });
  };
  return (
    <Panel title="Password" className="max-w-3xl">
      <form onSubmit={submit} className="flex max-w-96 flex-col gap-4">
        <Field
          label="Password now"
          name="old"
          type="password"
          autoComplete="current-password"
          error={field("old")}
          required
        />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          error={field("new")}
          required
        />
        {error ? <ProblemNote error={error} /> : null}
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={state === "asked"}>
            Change password
          </Button>
          <span role="status">{state === "changed" && <StatusPill tone="ok" word="changed" />}</span>
        </div>
      </form>
    </Panel>
  );
}
