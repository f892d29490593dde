import type { FormEvent } from "react";
import type { components } from "@/api/schema.gen";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";

type Request = components["schemas"]["TokenRequest"];

const SCOPES: Record<Request["scopes"][number], string> = {
  read: "read everything",
  research: "start runs, searches and imports",
  paper: "start and stop paper sessions",
  "propose-live": "propose live trading, which a person approves",
};

type Props = { busy: boolean; error: unknown; onMake: (request: Request) => void };

/** What a new token is for and what it may be used for; none of it places a live order. */
export function TokenForm({ busy, error, onMake }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = String(form.get("days"));
    onMake({
      name: String(form.get("name")),
      scopes: form.getAll("scopes") as Request["scopes"],
      days: days === "" ? null : Number(days),
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" name="name" hint="What it is for." maxLength={100} autoComplete="off" required />
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">It may</legend>
        {Object.entries(SCOPES).map(([scope, meaning]) => (
          <label key={scope} className="target inline-flex items-center gap-2">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              defaultChecked={scope === "read"}
              className="size-4 accent-accent"
            />
            {meaning}
          </label>
        ))}
      </fieldset>
      <Field
        label="Good for, days"
        name="days"
        type="number"
        min={1}
        max={3650}
        defaultValue={90}
        hint="Empty is for ever."
        className="max-w-32"
      />
      {error ? <ProblemNote error={error} /> : null}
      <div>
        <Button type="submit" look="primary" disabled={busy}>
          Make the token
        </Button>
      </div>
    </form>
  );
}
