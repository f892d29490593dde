import { FieldGroup } from "@/ui/FieldGroup";
import { ParamForm } from "@/ui/ParamForm";
import type { Draft, Param } from "./draft";
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
      <ParamForm params={params} typed={draft.params} onTyped={(typed) => change({ params: typed })} />
    </FieldGroup>
  );
}
