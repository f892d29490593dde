import { Field, SelectField } from "@/ui/Field";
import { type EntryField, shownValue } from "./change";

type Props = { field: EntryField; typed: string | undefined; onTyped: (text: string) => void };

const OPEN = ["", "left open"] as const;

/** A key of the catalogue entry, by what it takes. */
export function EntryInput({ field, typed, onTyped }: Props) {
  const value = typed ?? shownValue(field.value);
  const words = field.kind === "truth" ? ["true", "false"] : field.choices;
  if (words.length) {
    const own = words.map((word) => [word, word] as const);
    return (
      <SelectField
        label={field.key}
        value={value}
        options={field.key === "status" ? own : [OPEN, ...own]}
        onChange={({ target }) => onTyped(target.value)}
      />
    );
  }
  const isNumber = field.kind === "number" || field.kind === "whole";
  return (
    <Field
      label={field.key}
      hint={field.kind === "texts" ? "with commas between" : undefined}
      type={isNumber ? "number" : "text"}
      step={field.kind === "whole" ? 1 : "any"}
      value={value}
      onChange={({ target }) => onTyped(target.value)}
    />
  );
}
