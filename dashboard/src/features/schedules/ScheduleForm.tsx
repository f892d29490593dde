import type { ReactNode } from "react";
import { Button } from "@/ui/Button";
import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import { KINDS } from "@/ui/jobWords";
import { ProblemNote } from "@/ui/ProblemNote";
import { type Draft, WORK } from "./draft";
import { NextTimes } from "./NextTimes";
import { MISSED } from "./words";

type Props = {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onSubmit: () => void;
  /** What is kept by it. */
  verb: string;
  why?: string | undefined;
  isPending: boolean;
  error: unknown;
  head: ReactNode;
  /** Beside the button that keeps it. */
  children?: ReactNode;
};

const WORDS = Object.entries(WORK).map(([kind, { word }]) => [kind, word] as const);

/** What is to begin by itself, and when: the next times stand beside before anything is kept. */
export function ScheduleForm({ draft, onDraft, onSubmit, verb, why, isPending, error, head, children }: Props) {
  const change = (part: Partial<Draft>): void => onDraft({ ...draft, ...part });
  const input = tied<Draft>(draft, change);
  const { kind } = draft.rest;
  const kinds = kind && !WORK[kind] ? [...WORDS, [kind, KINDS[kind as keyof typeof KINDS] ?? kind] as const] : WORDS;
  return (
    <form
      className="flex max-w-4xl min-w-0 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending && !why) onSubmit();
      }}
    >
      {head}
      <FieldGroup title="What">
        <Field
          label="Name"
          hint="by which people know it"
          required
          maxLength={64}
          autoComplete="off"
          {...input("name")}
        />
        <SelectField label="Work" options={kinds} {...input("kind")} />
        {(WORK[draft.kind]?.fields ?? []).map(({ name, label, hint, required }) => (
          <Field
            key={`${draft.kind} ${name}`}
            label={label}
            hint={hint}
            required={required}
            value={draft.said[name] ?? ""}
            onChange={({ target }) => change({ said: { ...draft.said, [name]: target.value } })}
          />
        ))}
      </FieldGroup>
      <FieldGroup title="When">
        <Field
          label="Due"
          hint="a session (XNYS close + 15 m) or five fields of cron (30 18 * * mon-fri)"
          required
          maxLength={200}
          spellCheck={false}
          {...input("when")}
        />
        <Field label="Zone" hint="of a cron expression; a calendar has its own" maxLength={64} {...input("zone")} />
        <SelectField
          label="Missed times are"
          options={Object.entries(MISSED).map(([value, word]) => [value, word] as const)}
          {...input("missed")}
        />
        <NextTimes when={draft.when} zone={draft.zone} />
      </FieldGroup>
      {error ? <ProblemNote error={error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" why={why} disabled={isPending}>
          {verb}
        </Button>
        {children}
      </div>
    </form>
  );
}
