import { useQuery } from "@tanstack/react-query";
import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import type { Draft } from "./draft";
import type { ChangeDraft } from "./NewRunPage";
import { strategyQuery } from "./queries";

const KINDS = [
  ["backtest", "Backtest"],
  ["optimize", "Search"],
  ["walk_forward", "Walk-forward"],
] as const;

type Props = { names: string[]; draft: Draft; change: ChangeDraft };

/** What runs, and how. */
export function StrategyFields({ names, draft, change }: Props) {
  const input = tied(draft, change);
  const said = useQuery(strategyQuery(draft.strategy)).data?.description;
  return (
    <FieldGroup title="Strategy" note={said}>
      <SelectField
        label="Strategy"
        value={draft.strategy}
        options={names.map((name) => [name, name] as const)}
        onChange={(event) => change({ strategy: event.target.value, params: {}, vary: {} })}
      />
      <SelectField label="Kind" {...input("kind")} options={KINDS} />
      <Field label="Name" hint="what the run is called; may be empty" {...input("name")} maxLength={200} />
    </FieldGroup>
  );
}
