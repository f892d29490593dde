type Props = { label: string; value: string; choices: readonly string[]; onChange: (value: string) => void };

/** One of a few, each a button: the pressed one is in force. */
export function Toggles({ label, value, choices, onChange }: Props) {
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          className="target rounded-md border border-line px-2 text-sm hover:bg-surface aria-pressed:border-accent aria-pressed:text-accent"
          onClick={() => onChange(choice)}
        >
          {choice}
        </button>
      ))}
    </fieldset>
  );
}
