import { useId } from "react";
import { INPUT } from "./Field";

type Props = { name: string; typed: string; onTyped: (typed: string) => void };

/** The name that is typed to confirm; Enter in it does nothing. */
export function TypedName({ name, typed, onTyped }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id}>
        Type <strong className="break-all">{name}</strong> to confirm
      </label>
      <input
        id={id}
        className={INPUT}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
      />
    </div>
  );
}
