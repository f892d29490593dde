import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import type { ListedRun, RunDetail } from "../queries";

/** What may be said of a run from outside it. */
export type Label = Partial<Pick<ListedRun, "name" | "note" | "tags" | "star">>;
type Listed = { items: ListedRun[] };
type Change = { id: string; label: Label };

function spread(queries: QueryClient, { id, label }: Change): void {
  queries.setQueryData<RunDetail>(keys.run(id), (run) => run && { ...run, ...label });
  queries.setQueriesData<Listed>({ queryKey: [...keys.runs.all(), "list"] }, (page) =>
    page && Array.isArray(page.items)
      ? { ...page, items: page.items.map((run) => (run.id === id ? { ...run, ...label } : run)) }
      : page,
  );
}

/** Change name, note, tags or star: shown at once, taken back where the server refuses. */
export function useChangeLabel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, label }: Change) =>
      answer(
        client.PATCH("/v1/runs/{run_id}", {
          params: { path: { run_id: id } },
          body: label as components["schemas"]["RunChange"],
        }),
      ),
    onMutate: (change) => spread(queries, change),
    onSuccess: ({ id, name, note, tags, star }) => spread(queries, { id, label: { name, note, tags, star } }),
    onError: (_, { id }) => {
      queries.invalidateQueries({ queryKey: keys.run(id) });
      queries.invalidateQueries({ queryKey: keys.runs.all() });
    },
  });
}
