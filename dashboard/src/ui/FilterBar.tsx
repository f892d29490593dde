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
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-muted text-sm">
        {label}
      </label>
      <select
        id={id}
        className={`${INPUT} w-auto! pr-7`}
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
    <search data-filters="" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {children}
    </search>
  );
}
