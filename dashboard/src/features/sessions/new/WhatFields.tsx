import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import type { Draft } from "./draft";
import type { ChangeDraft } from "./NewSessionPage";

const MODES = [
  ["paper", "paper: no money"],
  ["live", "live: with money"],
] as const;
const FRAMES = ["1m", "5m", "15m", "30m", "1h", "1d"].map((each) => [each, each] as const);

type Props = { names: readonly string[]; about?: string; draft: Draft; change: ChangeDraft };

/** What trades, on what, and whose money it is. */
export function WhatFields({ names, about, draft, change }: Props) {
  const input = tied(draft, change);
  return (
    <FieldGroup title="Strategy" note={about}>
      <SelectField
        label="Strategy"
        value={draft.strategy}
        options={names.map((name) => [name, name] as const)}
        onChange={(event) => change({ strategy: event.target.value, params: {} })}
      />
      <SelectField label="Mode" {...input("mode")} options={MODES} />
      <Field label="Symbols" hint="as the broker has them, with commas between" required {...input("symbols")} />
      <SelectField label="Timeframe" {...input("timeframe")} options={FRAMES} />
      <Field
        label="Name"
        hint="what the session is kept under; may be empty"
        {...input("name")}
        maxLength={128}
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
      />
    </FieldGroup>
  );
}
