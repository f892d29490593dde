import { Field, SelectField } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import { type Draft, isAtVenue } from "./draft";
import type { ChangeDraft } from "./NewSessionPage";

const FILLS = [
  ["simulated", "the simulated exchange"],
  ["venue", "the broker's paper account"],
] as const;
const LIMITS = [
  ["", "choose"],
  ["cautious", "cautious"],
  ["standard", "standard"],
  ["bold", "bold"],
] as const;

/** Whose bars, who fills, and what the account may risk. */
export function AccountFields({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  const atVenue = isAtVenue(draft);
  return (
    <FieldGroup title="Account and feed">
      <Field
        label="Broker"
        hint="whose bars and account; empty where the settings have one alone"
        value={draft.broker}
        maxLength={64}
        onChange={(event) => change({ broker: event.target.value })}
      />
      <Field
        label="Second feed"
        hint="whose bars are taken while the first has none; may be empty"
        value={draft.feed}
        maxLength={64}
        onChange={(event) => change({ feed: event.target.value })}
      />
      {draft.mode === "paper" && (
        <SelectField
          label="Filled by"
          value={draft.fills}
          options={FILLS}
          onChange={(event) => change({ fills: event.target.value as Draft["fills"] })}
        />
      )}
      {atVenue && (
        <SelectField
          label="Limits of the account"
          value={draft.limits}
          options={LIMITS}
          required
          onChange={(event) => change({ limits: event.target.value as Draft["limits"] })}
        />
      )}
      <Field
        label="Cash"
        hint={atVenue ? "empty: what the account has" : "empty: 100,000"}
        inputMode="decimal"
        value={draft.cash}
        maxLength={40}
        onChange={(event) => change({ cash: event.target.value })}
      />
      {atVenue && (
        <label className="flex items-center gap-2 self-end py-1.5">
          <input type="checkbox" checked={draft.isDry} onChange={(event) => change({ isDry: event.target.checked })} />
          Dry run: decide and check, send nothing
        </label>
      )}
    </FieldGroup>
  );
}
