import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import type { Draft } from "./draft";
import type { ChangeDraft } from "./NewRunPage";

const FILLS = [
  ["open", "at the next open"],
  ["close", "at the close that decided (optimistic)"],
] as const;

const LIMITS = [
  ["none", "none"],
  ["cautious", "cautious"],
  ["standard", "standard"],
  ["bold", "bold"],
] as const;

type Props = { draft: Draft; change: ChangeDraft };

/** What trading costs and when orders fill; filled in beforehand, because leaving them out flatters. */
export function CostFields({ draft, change }: Props) {
  const input = tied(draft, change);
  return (
    <FieldGroup title="Costs and fills">
      <Field label="Starting cash" inputMode="decimal" required pattern="[0-9]+(\.[0-9]+)?" {...input("cash")} />
      <Field label="Slippage, bps" type="number" min={0} step="any" disabled={draft.isFree} {...input("slippage")} />
      <Field
        label="Commission per order"
        inputMode="decimal"
        pattern="[0-9]+(\.[0-9]+)?"
        disabled={draft.isFree}
        {...input("commission")}
      />
      <SelectField label="Orders fill" {...input("fillAt")} options={FILLS} />
      <SelectField label="Risk limits" {...input("limits")} options={LIMITS} />
      <label className="flex items-center gap-2 self-end">
        <input
          type="checkbox"
          className="size-4 accent-(--color-accent)"
          checked={draft.isFree}
          onChange={(event) => change({ isFree: event.target.checked })}
        />
        No costs at all: the trust bar will say so
      </label>
    </FieldGroup>
  );
}
