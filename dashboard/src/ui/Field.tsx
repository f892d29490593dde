import { type ComponentProps, type ReactNode, useId } from "react";

export const INPUT =
  "target w-full rounded-md border border-border bg-page px-2.5 text-base aria-invalid:border-danger disabled:opacity-60";

type Props = { label: string; hint?: ReactNode; error?: string } & ComponentProps<"input">;

/** A labelled input with its hint, and what the server said against it. */
export function Field({ label, hint, error, ...input }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={`${INPUT} ${input.className ?? ""}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
      />
      {(error || hint) && (
        <p id={`${id}-about`} className={`text-sm ${error ? "text-danger" : "text-muted"}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

type TextsOf<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft];

/** What ties an input to a text of a draft: its value, and what changes it. */
export function tied<Draft extends object>(draft: Draft, change: (part: Partial<Draft>) => void) {
  return (name: TextsOf<Draft>) => ({
    value: draft[name] as string,
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value } as Partial<Draft>),
  });
}

type SelectProps = { label: string; options: readonly (readonly [value: string, word: string])[] } & Omit<
  ComponentProps<"select">,
  "children"
>;

/** A labelled choice of a few. */
export function SelectField({ label, options, ...select }: SelectProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select {...select} id={id} className={`${INPUT} pr-7`}>
        {options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
