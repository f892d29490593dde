import type { components } from "@/api/schema.gen";
import { Field, SelectField } from "./Field";

export type Param = components["schemas"]["StrategyDetail"]["params"][number];

type Props = {
  params: readonly Param[];
  /** What was typed, by name; what was not touched has the value that is declared. */
  typed: Readonly<Record<string, string>>;
  onTyped: (typed: Record<string, string>) => void;
};

/** A strategy's parameters, from what it declares of them. */
export function ParamForm({ params, typed, onTyped }: Props) {
  return params.map((param) => (
    <ParamField
      key={param.name}
      param={param}
      value={typed[param.name] ?? String(param.value ?? "")}
      onChange={(value) => onTyped({ ...typed, [param.name]: value })}
    />
  ));
}

function ParamField({ param, value, onChange }: { param: Param; value: string; onChange: (value: string) => void }) {
  const choices = param.type === "bool" ? ["true", "false"] : param.choices?.map(String);
  if (choices) {
    return (
      <SelectField
        label={param.name}
        value={param.type === "bool" ? value.toLowerCase() : value}
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

/** A typed value in the parameter's own type; what does not read as one is left for the server to refuse. */
export function typedValue(param: Param, text: string): unknown {
  if (param.type === "bool") return text === "true";
  if (param.type === "str") return text;
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

/** What was typed, each in its parameter's own type; what was not touched is left out. */
export function typedParams(
  params: readonly Param[],
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    params.flatMap((param) => {
      const text = typed[param.name];
      return text === undefined ? [] : [[param.name, typedValue(param, text)]];
    }),
  );
}
