import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { localZone } from "@/format/time";
import { Button } from "@/ui/Button";
import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import { PageHead } from "@/ui/PageHead";
import { ProblemNote } from "@/ui/ProblemNote";
import { useWhyNot } from "@/ui/useWhyNot";
import { type Draft, firstDraft, WORK, wishOf } from "./draft";
import { NextTimes } from "./NextTimes";
import { addSchedule } from "./queries";
import { MISSED } from "./words";

const KINDS = Object.entries(WORK).map(([kind, { word }]) => [kind, word] as const);

/** What is to begin by itself, and when: the next times stand beside before anything is kept. */
export function NewSchedulePage() {
  const [draft, setDraft] = useState(() => firstDraft(localZone()));
  const navigate = useNavigate();
  const queries = useQueryClient();
  const why = useWhyNot("trader", "The server does not answer.");
  const change = (part: Partial<Draft>): void => setDraft((known) => ({ ...known, ...part }));
  const input = tied<Draft>(draft, change);
  const add = useMutation({
    mutationFn: () => addSchedule(wishOf(draft)),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: keys.schedules() });
      await navigate({ to: "/schedules/$scheduleId", params: { scheduleId: made.id } });
    },
  });
  return (
    <form
      className="flex max-w-4xl min-w-0 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!add.isPending && !why) add.mutate();
      }}
    >
      <PageHead title="New schedule" lead="A job that begins by itself; times before now are not missed." />
      <FieldGroup title="What">
        <Field
          label="Name"
          hint="by which people know it"
          required
          maxLength={64}
          autoComplete="off"
          {...input("name")}
        />
        <SelectField label="Work" options={KINDS} {...input("kind")} />
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
      {add.error && <ProblemNote error={add.error} />}
      <div>
        <Button type="submit" look="primary" why={why} disabled={add.isPending}>
          Add the schedule
        </Button>
      </div>
    </form>
  );
}
