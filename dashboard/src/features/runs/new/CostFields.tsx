import { Field, SelectField } from "@/ui/Field";
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
  return (
    <FieldGroup title="Costs and fills">
      <Field
        label="Starting cash"
        inputMode="decimal"
        required
        pattern="[0-9]+(\.[0-9]+)?"
        value={draft.cash}
        onChange={(event) => change({ cash: event.target.value })}
      />
      <Field
        label="Slippage, bps"
        type="number"
        min={0}
        step="any"
        disabled={draft.isFree}
        value={draft.slippage}
        onChange={(event) => change({ slippage: event.target.value })}
      />
      <Field
        label="Commission per order"
        inputMode="decimal"
        pattern="[0-9]+(\.[0-9]+)?"
        disabled={draft.isFree}
        value={draft.commission}
        onChange={(event) => change({ commission: event.target.value })}
      />
      <SelectField
        label="Orders fill"
        value={draft.fillAt}
        options={FILLS}
        onChange={(event) => change({ fillAt: event.target.value as Draft["fillAt"] })}
      />
      <SelectField
        label="Risk limits"
        value={draft.limits}
        options={LIMITS}
        onChange={(event) => change({ limits: event.target.value as Draft["limits"] })}
      />
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
