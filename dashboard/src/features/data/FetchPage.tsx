import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { Field, SelectField, tied } from "@/ui/Field";
import { PageHead } from "@/ui/PageHead";
import { ProblemNote } from "@/ui/ProblemNote";
import { useWhyNot } from "@/ui/useWhyNot";
import { type FetchDraft, fetchRequest, firstFetch } from "./fetchDraft";
import { Providers } from "./Providers";
import { fetchBars, providersQuery } from "./queries";

const route = getRouteApi("/shell/data/fetch");

const HOURS = [
  ["regular", "of the exchange"],
  ["extended", "also before and after"],
] as const;

/** Bars of a provider into the store: whose, of what, and since when. */
export function FetchPage() {
  const search = route.useSearch();
  const [draft, setDraft] = useState(() => firstFetch(search));
  const [isAnew, setAnew] = useState(false);
  const list = useId();
  const providers = useQuery(providersQuery());
  const navigate = useNavigate();
  const queries = useQueryClient();
  const why = useWhyNot("trader", "The server does not answer.");
  const send = useMutation({
    mutationFn: () => fetchBars(fetchRequest(draft, isAnew)),
    onSuccess: (job) => {
      queries.invalidateQueries({ queryKey: keys.jobs.all() });
      navigate({ to: "/data/fetches/$jobId", params: { jobId: job.id } });
    },
  });
  const input = tied<FetchDraft>(draft, (part) => setDraft((known) => ({ ...known, ...part })));
  return (
    <form
      className="flex max-w-3xl min-w-0 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!send.isPending && !why) send.mutate();
      }}
    >
      <PageHead
        title="Fetch"
        lead="Only what is not stored yet is asked for, and what has come stays if it is stopped."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="From"
          hint="one of the providers below; auto: all that can be asked, in the order of the settings"
          list={list}
          required
          maxLength={64}
          {...input("source")}
        />
        <datalist id={list}>
          <option value="auto" />
          {(providers.data ?? [])
            .filter((each) => each.configured)
            .map(({ name, synthetic }) => (
              <option key={name} value={name}>
                {synthetic ? "SYNTHETIC: made up, no evidence" : undefined}
              </option>
            ))}
        </datalist>
        <Field label="Symbols" hint="as the provider has them, with commas between" required {...input("symbols")} />
        <Field label="Timeframe" hint="such as 1m, 5m, 1h, 1d" required maxLength={20} {...input("timeframe")} />
        <SelectField label="Hours" options={HOURS} {...input("hours")} />
        <div className="grid grid-cols-2 gap-4">
          <Field label="First day" type="date" hint="empty: a year back" {...input("start")} />
          <Field label="Last day" type="date" hint="empty: today" {...input("end")} />
        </div>
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-(--color-accent)"
          checked={isAnew}
          onChange={(event) => setAnew(event.target.checked)}
        />
        Ask for what is stored too: where the provider says otherwise now, there will be a new version
      </label>
      {send.error && <ProblemNote error={send.error} />}
      <div>
        <Button type="submit" look="primary" why={why} disabled={send.isPending}>
          Fetch the bars
        </Button>
      </div>
      <Providers query={providers} />
    </form>
  );
}
