import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { SelectField } from "@/ui/Field";
import { ProblemNote } from "@/ui/ProblemNote";
import { useWhyNot } from "@/ui/useWhyNot";
import { compareBars, providersQuery, type SeriesQuality } from "./queries";

const YEAR_MS = 365 * 86_400_000;

/** The last year of what is stored: providers are asked for no more from here. */
export function lastYear({ first, last }: Pick<SeriesQuality, "first" | "last">): { start: string; end: string } {
  const end = last.slice(0, 10);
  const begin = new Date(Date.parse(end) - YEAR_MS).toISOString().slice(0, 10);
  return { start: begin > first.slice(0, 10) ? begin : first.slice(0, 10), end };
}

type Props = { series: SeriesQuality; from: string | undefined };

/** Put the stored bars beside those of a provider: where are they others, and what explains it? */
export function CompareSources({ series, from }: Props) {
  const { data } = useQuery(providersQuery());
  const names = (data ?? []).filter(({ configured, synthetic }) => configured && !synthetic).map(({ name }) => name);
  const [chosen, setChosen] = useState<string>();
  const side = chosen ?? names.find((name) => name !== from) ?? names[0];
  const navigate = useNavigate();
  const queries = useQueryClient();
  const why = useWhyNot("trader", "The server does not answer.");
  const send = useMutation({
    mutationFn: (other: string) => {
      const { instrument, timeframe, adjustment } = series;
      return compareBars({
        sources: ["store", other],
        symbols: [instrument],
        timeframe,
        adjustment,
        ...lastYear(series),
      });
    },
    onSuccess: (job) => {
      queries.invalidateQueries({ queryKey: keys.jobs.all() });
      navigate({ to: "/data/comparisons/$jobId", params: { jobId: job.id } });
    },
  });
  if (side === undefined) return null;
  return (
    <form
      aria-label={`Compare ${series.timeframe}, ${series.adjustment}`}
      className="flex min-w-0 flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!send.isPending && !why) send.mutate(side);
      }}
    >
      <SelectField
        label="Compare sources: the store with"
        value={side}
        options={names.map((name) => [name, name] as const)}
        onChange={(event) => setChosen(event.target.value)}
      />
      <Button type="submit" why={why} disabled={send.isPending}>
        Compare
      </Button>
      {send.error && <ProblemNote error={send.error} />}
    </form>
  );
}
