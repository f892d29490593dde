import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { INPUT } from "@/ui/Field";
import { type ListedRun, latestRunsQuery } from "./queries";

type Props = { ids: readonly string[]; onChange: (ids: string[]) => void; isOpen: boolean };

function nameOf(run: ListedRun): string {
  const result = run.headline.find((metric) => metric.key === "total_return")?.text ?? "";
  return `${run.name ?? run.strategy} · ${run.symbols.slice(0, 3).join(", ")} ${run.timeframe} · ${result} · ${run.short_id}`;
}

/** Add a run to the comparison. */
export function ChooseRuns({ ids, onChange, isOpen }: Props) {
  const id = useId();
  const runs = useQuery(latestRunsQuery()).data?.items ?? [];
  const others = runs.filter((run) => !ids.includes(run.id));
  const chosen = ids.map((each) => runs.find((run) => run.id === each));
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="text-muted text-sm">
          Add a run
        </label>
        <select
          id={id}
          className={`${INPUT} w-full! pr-7 sm:w-96!`}
          value=""
          onChange={(event) => event.target.value && onChange([...ids, event.target.value])}
        >
          <option value="">{others.length ? "choose one of the latest" : "there is no other run"}</option>
          {others.map((run) => (
            <option key={run.id} value={run.id}>
              {nameOf(run)}
            </option>
          ))}
        </select>
      </div>
      {isOpen && ids.length > 0 && (
        <ul className="flex flex-wrap gap-2" aria-label="Chosen runs">
          {ids.map((each, index) => (
            <li key={each} className="flex items-center gap-2 rounded-md border border-line px-2 text-sm">
              {chosen[index] ? nameOf(chosen[index]) : each}
              <button
                type="button"
                className="target text-accent underline"
                onClick={() => onChange(ids.filter((known) => known !== each))}
              >
                take away
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
