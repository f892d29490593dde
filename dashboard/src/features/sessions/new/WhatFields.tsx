import { Field, SelectField } from "@/ui/Field";
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
  return (
    <FieldGroup title="Strategy" note={about}>
      <SelectField
        label="Strategy"
        value={draft.strategy}
        options={names.map((name) => [name, name] as const)}
        onChange={(event) => change({ strategy: event.target.value, params: {} })}
      />
      <SelectField
        label="Mode"
        value={draft.mode}
        options={MODES}
        onChange={(event) => change({ mode: event.target.value as Draft["mode"] })}
      />
      <Field
        label="Symbols"
        hint="as the broker has them, with commas between"
        required
        value={draft.symbols}
        onChange={(event) => change({ symbols: event.target.value })}
      />
      <SelectField
        label="Timeframe"
        value={draft.timeframe}
        options={FRAMES}
        onChange={(event) => change({ timeframe: event.target.value })}
      />
      <Field
        label="Name"
        hint="what the session is kept under; may be empty"
        value={draft.name}
        maxLength={128}
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
        onChange={(event) => change({ name: event.target.value })}
      />
    </FieldGroup>
  );
}
