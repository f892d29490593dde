import { type FormEvent, useState } from "react";
import { signIn } from "@/api/auth";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";

/** Name and password. */
export function SignInForm({ disabled }: { disabled: boolean }) {
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setAsked(true);
    setError(null);
    signIn(String(form.get("name")), String(form.get("password")))
      .catch(setError)
      .finally(() => setAsked(false));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" name="name" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      {error ? <ProblemNote error={error} /> : null}
      <Button type="submit" look="primary" disabled={asked || disabled}>
        {asked ? "Signing in" : "Sign in"}
      </Button>
      <p className="text-muted text-sm">
        The first start of <code>tradewright serve</code> prints a one-time password for the user <code>admin</code>.
      </p>
    </form>
  );
}
