import { type FormEvent, useState } from "react";
import { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { FieldGroup } from "@/ui/FieldGroup";
import { ParamForm } from "@/ui/ParamForm";
import { ProblemNote } from "@/ui/ProblemNote";
import type { StrategyDetail } from "../queries";
import { changesOf, type Typed, useStrategyChange } from "./change";
import { EntryInput } from "./EntryInput";
import { WhatChanges } from "./WhatChanges";

type Props = { strategy: StrategyDetail; onClose: () => void };

/** The catalogue entry of a strategy: typed, looked at, and only then saved. */
export function StrategyEditor({ strategy, onClose }: Props) {
  const [seen, setSeen] = useState(strategy);
  const [typed, setTyped] = useState<Typed>({ params: {}, fields: {} });
  const { preview, save, readAgain, reset } = useStrategyChange(seen, onClose);
  const changes = changesOf(seen, typed);
  const error = save.error ?? preview.error;
  const type = (part: Partial<Typed>): void => {
    setTyped({ ...typed, ...part });
    reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!Object.keys(changes).length) return;
    if (preview.data) save.mutate(changes);
    else preview.mutate(changes);
  };
  const look = (): void => {
    readAgain().then((found) => {
      setSeen(found);
      reset();
    });
  };
  return (
    <form aria-label="Catalogue entry" className="flex min-w-0 flex-col gap-4" onSubmit={submit}>
      {seen.params.length > 0 && (
        <FieldGroup title="Parameters">
          <ParamForm params={seen.params} typed={typed.params} onTyped={(params) => type({ params })} />
        </FieldGroup>
      )}
      <FieldGroup title="Runs" note={`As ${seen.file} says it; what is left open is as the settings say.`}>
        {seen.fields.map((field) => (
          <EntryInput
            key={field.key}
            field={field}
            typed={typed.fields[field.key]}
            onTyped={(text) => type({ fields: { ...typed.fields, [field.key]: text } })}
          />
        ))}
      </FieldGroup>
      {preview.data && <WhatChanges told={preview.data} />}
      {error ? <ProblemNote error={error} /> : null}
      <div className="flex flex-wrap gap-2">
        {error instanceof Problem && error.status === 409 ? (
          <Button onClick={look}>Read it again</Button>
        ) : (
          <Button
            type="submit"
            look="primary"
            why={Object.keys(changes).length ? undefined : "Nothing was changed yet."}
            disabled={preview.isPending || save.isPending}
          >
            {preview.data ? "Save" : "Show what changes"}
          </Button>
        )}
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
