import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { keys } from "@/api/keys";
import { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";
import { useWhyNot } from "@/ui/useWhyNot";
import { giveVerdict, type Verdict } from "./queries";

/** Approve or reject evidence, with a reason that is kept. */
export function VerdictForm({ evidence }: { evidence: string }) {
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const why = useWhyNot("admin", "The server does not answer.");
  const verdict = useMutation({
    mutationFn: giveVerdict,
    onSuccess: () => {
      form.current?.reset();
      void queries.invalidateQueries({ queryKey: keys.approvals.all() });
    },
  });
  const field = (name: string): string | undefined =>
    verdict.error instanceof Problem
      ? verdict.error.fields.find((each) => each.pointer.endsWith(`/${name}`))?.detail
      : undefined;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const written = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    verdict.mutate(Object.fromEntries(written) as unknown as Verdict);
  };
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Evidence"
        name="evidence"
        hint="Id of a kept run, its first digits, or of a paper session."
        defaultValue={evidence}
        error={field("evidence")}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <Field label="Reason" name="reason" error={field("reason")} maxLength={2000} autoComplete="off" required />
      {verdict.error && <ProblemNote error={verdict.error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" name="verdict" value="approved" look="primary" why={why} disabled={verdict.isPending}>
          Approve
        </Button>
        <Button type="submit" name="verdict" value="rejected" why={why} disabled={verdict.isPending}>
          Reject
        </Button>
        {why && <span className="text-muted">{why}</span>}
        <span role="status">
          {verdict.data?.map(({ number, strategy, verdict: said }) => (
            <StatusPill key={number} tone="ok" word={`${strategy.name} ${said}`} />
          ))}
        </span>
      </div>
    </form>
  );
}
