import { type FormEvent, useState } from "react";
import { changePassword, signOut } from "@/api/auth";
import { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";

/** A one-time password becomes one's own. */
export function PasswordForm({ onCancel }: { onCancel: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  const field = (name: string): string | undefined =>
    error instanceof Problem ? error.fields.find((each) => each.pointer.endsWith(`/${name}`))?.detail : undefined;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (form.get("new") !== form.get("again")) {
      setError(new Error("The two new passwords are not the same."));
      return;
    }
    setAsked(true);
    setError(null);
    changePassword(String(form.get("old")), String(form.get("new")))
      .catch(setError)
      .finally(() => setAsked(false));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted">The password you signed in with works once. Choose your own to go on.</p>
      <Field
        label="One-time password"
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
      <Field label="New password again" name="again" type="password" autoComplete="new-password" required />
      {error ? <ProblemNote error={error} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={() => void signOut().finally(onCancel)}>Sign out</Button>
        <Button type="submit" look="primary" disabled={asked}>
          {asked ? "Changing" : "Change password"}
        </Button>
      </div>
    </form>
  );
}
