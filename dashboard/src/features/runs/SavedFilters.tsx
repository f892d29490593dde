import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { filterOf, type RunsSearch } from "./search";

const KEY = "tradewright.run-filters";

type Saved = { name: string; filter: RunsSearch };

function kept(): Saved[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each?.name === "string" && each.filter) : [];
  } catch {
    return []; // what another hand wrote there is worth nothing
  }
}

/** Filters under names of one's own, kept in this browser; a name that is given again is given to the new one. */
export function SavedFilters({ search }: { search: RunsSearch }) {
  const [saved, setSaved] = useState(kept);
  const [name, setName] = useState("");
  const filter = filterOf(search);
  const keep = (next: Saved[]) => {
    localStorage.setItem(KEY, JSON.stringify(next));
    setSaved(next);
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    keep([...saved.filter((each) => each.name !== name.trim()), { name: name.trim(), filter }]);
    setName("");
  };
  const isFiltered = Object.keys(filter).length > 0;
  if (!isFiltered && !saved.length) return null;
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
      {saved.length > 0 && (
        <ul aria-label="Saved filters" className="flex flex-wrap gap-2">
          {saved.map((each) => (
            <li key={each.name} className="inline-flex items-center rounded-md border border-line">
              <Link
                to="/runs"
                search={each.filter}
                className="target flex items-center px-2 text-accent hover:underline"
              >
                {each.name}
              </Link>
              <button
                type="button"
                aria-label={`Forget the filter ${each.name}`}
                className="target px-2 text-muted hover:text-text"
                onClick={() => keep(saved.filter((other) => other !== each))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      {isFiltered && (
        <form className="flex items-end gap-2" onSubmit={add}>
          <Field
            label="Save this filter as"
            required
            maxLength={40}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit">Save</Button>
        </form>
      )}
    </div>
  );
}
