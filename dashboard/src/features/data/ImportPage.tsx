import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { Field, SelectField, tied } from "@/ui/Field";
import { PageHead } from "@/ui/PageHead";
import { ProblemNote } from "@/ui/ProblemNote";
import { FilePicker } from "./FilePicker";
import { type Draft, FIRST_DRAFT, keepDraft, lackOf, requestOf } from "./importDraft";
import { sendFiles } from "./queries";

const STAMPS = [
  ["", "as the file says"],
  ["start", "when the bar begins"],
  ["end", "when the bar ends"],
  ["session", "the session's date"],
] as const;
const BAD_ROWS = [
  ["drop", "leave them out and name each line"],
  ["refuse", "refuse the file"],
] as const;
const STORED = [
  ["new", "refuse other bars"],
  ["append", "add what comes after them"],
  ["replace", "replace them"],
] as const;

/** Files of bars into the store: what they hold, and what is to become of what they should not hold. */
export function ImportPage() {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: () => sendFiles(files, requestOf(draft, files.length)),
    onSuccess: (job) => {
      keepDraft(draft);
      queries.invalidateQueries({ queryKey: keys.jobs.all() });
      navigate({ to: "/data/imports/$jobId", params: { jobId: job.id } });
    },
  });
  const input = tied<Draft>(draft, (part) => setDraft((known) => ({ ...known, ...part })));
  const isOne = files.length < 2;
  return (
    <form
      className="flex max-w-3xl min-w-0 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!send.isPending && !lackOf(draft, files)) send.mutate();
      }}
    >
      <PageHead title="Import" lead="Files are read once, checked row by row, and kept in the store." />
      <FilePicker files={files} onFiles={setFiles} />
      <div className="grid gap-4 sm:grid-cols-2">
        {isOne ? (
          <Field label="Symbol" placeholder="AAPL" {...input("symbol")} />
        ) : (
          <Field
            label="Symbols from the files' names"
            hint="{symbol} is the symbol, * is anything"
            {...input("symbolFrom")}
          />
        )}
        <Field label="Timeframe" hint="such as 1m, 5m, 1h, 1d" {...input("timeframe")} />
        <Field label="Calendar" hint="XNYS, XNAS, XLON, 24/5, 24/7" {...input("calendar")} />
        <Field label="Zone of the times" hint="empty: UTC, or as the file says" {...input("tz")} />
        <SelectField label="A time is" options={STAMPS} {...input("stamp")} />
        <SelectField label="Rows that cannot be" options={BAD_ROWS} {...input("badRows")} />
        <SelectField label="Where bars are stored" options={STORED} {...input("stored")} />
      </div>
      {send.error && <ProblemNote error={send.error} />}
      <div>
        <Button type="submit" look="primary" why={lackOf(draft, files)} disabled={send.isPending}>
          {send.isPending ? "Sending" : `Import ${files.length > 1 ? `${files.length} files` : ""}`}
        </Button>
      </div>
    </form>
  );
}
