import { type FormEvent, useId, useState } from "react";
import { Button } from "@/ui/Button";
import { Field, INPUT } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";
import type { ListedRun } from "../queries";
import { useChangeLabel } from "./changeLabel";

type Props = { run: Pick<ListedRun, "id" | "name" | "note" | "tags">; onClose: () => void };

/** Name, note and tags of a run. */
export function LabelForm({ run, onClose }: Props) {
  const [name, setName] = useState(run.name ?? "");
  const [note, setNote] = useState(run.note);
  const [tags, setTags] = useState(run.tags.join(", "));
  const change = useChangeLabel();
  const id = useId();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const words = tags.split(",").flatMap((tag) => tag.trim() || []);
    change.mutate(
      { id: run.id, label: { name: name.trim() || null, note, tags: [...new Set(words)] } },
      { onSuccess: onClose },
    );
  };
  return (
    <form
      aria-label="Name, note and tags"
      className="flex max-w-2xl flex-col gap-3 rounded-md border border-line bg-surface p-4"
      onSubmit={save}
    >
      <Field label="Name" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium">
          Note
        </label>
        <textarea
          id={id}
          rows={3}
          maxLength={2000}
          className={`${INPUT} py-1.5`}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <Field
        label="Tags"
        hint="with commas between"
        maxLength={600}
        value={tags}
        onChange={(event) => setTags(event.target.value)}
      />
      {change.error ? <ProblemNote error={change.error} /> : null}
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={change.isPending}>
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
