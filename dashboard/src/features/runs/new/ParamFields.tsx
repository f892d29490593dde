import { Field, SelectField } from "@/ui/Field";
import type { Draft, Param } from "./draft";
import { FieldGroup } from "./FieldGroup";
import type { ChangeDraft } from "./NewRunPage";

type Props = { params: readonly Param[]; draft: Draft; change: ChangeDraft };

/** The strategy's parameters, from what it declares of them. */
export function ParamFields({ params, draft, change }: Props) {
  if (!params.length) return null;
  return (
    <FieldGroup
      title="Parameters"
      note={draft.kind === "backtest" ? undefined : "What a search varies is not held at these values."}
    >
      {params.map((param) => (
        <ParamField
          key={param.name}
          param={param}
          value={draft.params[param.name] ?? String(param.value ?? "")}
          onChange={(value) => change({ params: { ...draft.params, [param.name]: value } })}
        />
      ))}
    </FieldGroup>
  );
}

function ParamField({ param, value, onChange }: { param: Param; value: string; onChange: (value: string) => void }) {
  const choices = param.type === "bool" ? ["true", "false"] : param.choices?.map(String);
  if (choices) {
    return (
      <SelectField
        label={param.name}
        value={value.toLowerCase()}
        options={choices.map((choice) => [choice, choice] as const)}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const isNumber = param.type === "int" || param.type === "float";
  return (
    <Field
      label={param.name}
      hint={[param.doc, rangeOf(param)].filter(Boolean).join(", ")}
      type={isNumber ? "number" : "text"}
      required
      min={param.low ?? undefined}
      max={param.high ?? undefined}
      step={param.type === "int" ? 1 : "any"}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function rangeOf({ low, high }: Param): string {
  return low === null && high === null ? "" : `${low ?? "…"} to ${high ?? "…"}`;
}
