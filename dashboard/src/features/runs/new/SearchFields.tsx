import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import { type Draft, firstVary, type Param, type Vary } from "./draft";
import type { ChangeDraft } from "./NewRunPage";

const OBJECTIVES = ["sharpe", "sortino", "calmar", "total_return", "profit_factor"] as const;

const METHODS = [
  ["grid", "grid: every combination"],
  ["random", "random combinations"],
  ["stratified", "random, evenly spread"],
  ["tpe", "TPE: learns where to look"],
] as const;

type Props = { params: readonly Param[]; draft: Draft; change: ChangeDraft };

/** What a search varies, what it looks for, and how a walk-forward cuts time. */
export function SearchFields({ params, draft, change }: Props) {
  const input = tied(draft, change);
  return (
    <FieldGroup
      title="Search"
      note="Every trial counts: the more are tried, the likelier the best one is luck. The result says how likely."
    >
      <SelectField
        label="Objective"
        {...input("objective")}
        options={OBJECTIVES.map((each) => [each, each.replace("_", " ")] as const)}
      />
      <SelectField label="Method" {...input("method")} options={METHODS} />
      {draft.method !== "grid" && <Field label="Trials" type="number" min={1} required {...input("trials")} />}
      <Field label="Only where" hint="such as fast < slow; may be empty" {...input("where")} maxLength={500} />
      {draft.kind === "walk_forward" && (
        <>
          <Field label="Train on" hint="such as 252d" {...input("train")} />
          <Field label="Test on" hint="such as 63d" {...input("test")} />
        </>
      )}
      {params
        .filter((param) => param.type === "int" || param.type === "float")
        .map((param) => (
          <VaryFields
            key={param.name}
            name={param.name}
            vary={draft.vary[param.name] ?? firstVary(param)}
            onChange={(vary) => change({ vary: { ...draft.vary, [param.name]: vary } })}
          />
        ))}
    </FieldGroup>
  );
}

function VaryFields({ name, vary, onChange }: { name: string; vary: Vary; onChange: (vary: Vary) => void }) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-surface p-3 sm:col-span-2 xl:col-span-3">
      <label className="flex items-center gap-2 font-medium">
        <input
          type="checkbox"
          className="size-4 accent-(--color-accent)"
          checked={vary.isOn}
          onChange={(event) => onChange({ ...vary, isOn: event.target.checked })}
        />
        Vary {name}
      </label>
      {vary.isOn && (
        <div className="grid grid-cols-3 gap-3">
          {(["low", "high", "step"] as const).map((part) => (
            <Field
              key={part}
              label={`${name} ${part}`}
              type="number"
              step="any"
              required
              value={vary[part]}
              onChange={(event) => onChange({ ...vary, [part]: event.target.value })}
            />
          ))}
        </div>
      )}
    </div>
  );
}
