import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import { announce } from "@/ui/announce";
import { typedParams } from "@/ui/ParamForm";
import { type StrategyDetail, strategyQuery } from "../queries";

export type EntryField = StrategyDetail["fields"][number];
export type Told = components["schemas"]["StrategyChangePreview"];
type Body = components["schemas"]["StrategyChange"];
/** What was typed, by name of the parameter and by key of the entry. */
export type Typed = { params: Record<string, string>; fields: Record<string, string> };

/** What an entry says, as it is typed. */
export function shownValue(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

/** What was typed as the server takes it; nothing takes the key out. */
function fieldValue({ kind }: EntryField, text: string): unknown {
  const said = text.trim();
  if (said === "") return null;
  if (kind === "texts") return said.split(",").flatMap((each) => each.trim() || []);
  if (kind === "truth") return said === "true";
  return (kind === "number" || kind === "whole") && !Number.isNaN(Number(said)) ? Number(said) : said;
}

/** What is to be changed: what was typed and says something else than the strategy as it was seen. */
export function changesOf(seen: StrategyDetail, typed: Typed): Body["changes"] {
  const declared = new Map(seen.params.map((param) => [param.name, param.value]));
  const params = Object.entries(typedParams(seen.params, typed.params)).flatMap(([name, value]) =>
    value === declared.get(name) ? [] : [[`params.${name}`, value]],
  );
  const fields = seen.fields.flatMap((field) => {
    const text = typed.fields[field.key];
    return text === undefined || text.trim() === shownValue(field.value) ? [] : [[field.key, fieldValue(field, text)]];
  });
  return Object.fromEntries([...params, ...fields]);
}

/** Ask what a change would do, make it, and read the strategy again. */
export function useStrategyChange(seen: StrategyDetail, onSaved: () => void) {
  const queries = useQueryClient();
  const params = { path: { strategy_id: seen.id } };
  const preview = useMutation({
    mutationFn: (changes: Body["changes"]) =>
      answer(client.POST("/v1/strategies/{strategy_id}/preview", { params, body: { changes, digest: seen.digest } })),
  });
  const save = useMutation({
    mutationFn: (changes: Body["changes"]) =>
      answer(client.PATCH("/v1/strategies/{strategy_id}", { params, body: { changes, digest: seen.digest } })),
    onSuccess: (changed) => {
      announce(`The entry of ${seen.name} is changed. ${changed.identity.sentence}`);
      queries.invalidateQueries({ queryKey: keys.strategies() });
      onSaved();
    },
  });
  const readAgain = (): Promise<StrategyDetail> => queries.fetchQuery({ ...strategyQuery(seen.id), staleTime: 0 });
  const reset = (): void => {
    preview.reset();
    save.reset();
  };
  return { preview, save, readAgain, reset };
}
