import { type ReactNode, useId } from "react";
import { INPUT } from "./Field";

type Choice = { value: string; word: string };
type FilterProps = {
  label: string;
  value: string | undefined;
  choices: readonly Choice[];
  onChange: (value: string | undefined) => void;
};

/** One filter: anything, or one of a few. */
export function Filter({ label, value, choices, onChange }: FilterProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 gap-x-2 gap-y-0.5 max-md:grow max-md:basis-0 max-md:flex-col md:items-center">
      <label htmlFor={id} className="text-muted text-sm">
        {label}
      </label>
      <select
        id={id}
        className={`${INPUT} pr-7 md:w-auto!`}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">all</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.word}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The filters of a list; what they say stands in the address. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <search data-filters="" className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {children}
    </search>
  );
}
