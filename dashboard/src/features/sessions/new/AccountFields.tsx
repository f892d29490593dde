import { Field, SelectField, tied } from "@/ui/Field";
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
  const input = tied(draft, change);
  return (
    <FieldGroup title="Account and feed">
      <Field
        label="Broker"
        hint="whose bars and account; empty where the settings have one alone"
        {...input("broker")}
        maxLength={64}
      />
      <Field
        label="Second feed"
        hint="whose bars are taken while the first has none; may be empty"
        {...input("feed")}
        maxLength={64}
      />
      {draft.mode === "paper" && <SelectField label="Filled by" {...input("fills")} options={FILLS} />}
      {atVenue && <SelectField label="Limits of the account" {...input("limits")} options={LIMITS} required />}
      <Field
        label="Cash"
        hint={atVenue ? "empty: what the account has" : "empty: 100,000"}
        inputMode="decimal"
        {...input("cash")}
        maxLength={40}
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
