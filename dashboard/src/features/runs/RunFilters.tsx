import { useEffect, useState } from "react";
import { INPUT } from "@/ui/Field";
import { Filter, FilterBar } from "@/ui/FilterBar";
import { KINDS, type RunsSearch } from "./search";

type Props = { search: RunsSearch; onChange: (part: Partial<RunsSearch>) => void };

const SETTLED_MS = 300;

/** Which runs are listed; what is chosen stands in the address. */
export function RunFilters({ search, onChange }: Props) {
  return (
    <FilterBar>
      <TextFilter label="Strategy" value={search.strategy} onChange={(strategy) => onChange({ strategy })} />
      <TextFilter label="Symbol" value={search.symbol} onChange={(symbol) => onChange({ symbol })} />
      <TextFilter label="Tag" value={search.tag} onChange={(tag) => onChange({ tag })} />
      <Filter
        label="Kind"
        value={search.kind}
        choices={Object.entries(KINDS).map(([value, word]) => ({ value, word }))}
        onChange={(kind) => onChange({ kind: kind as RunsSearch["kind"] })}
      />
      <label className="target flex items-center gap-2 text-muted text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--color-accent)"
          checked={search.star ?? false}
          onChange={(event) => onChange({ star: event.target.checked || undefined })}
        />
        Marked only
      </label>
    </FilterBar>
  );
}

type TextProps = { label: string; value: string | undefined; onChange: (value: string | undefined) => void };

function TextFilter({ label, value = "", onChange }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim() || undefined), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <label className="flex items-center gap-2 text-muted text-sm">
      {label}
      <input
        type="search"
        className={`${INPUT} w-32! text-text`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
