import { useMutation } from "@tanstack/react-query";
import { client } from "@/api/client";
import { answer } from "@/api/problem";
import { Button } from "@/ui/Button";
import { ProblemNote } from "@/ui/ProblemNote";
import type { RunDetail } from "../queries";
import { saveFile } from "./saveFile";

type Asked = {
  table: "trades" | "orders" | "fills";
  side?: "long" | "short";
  outcome?: "gain" | "loss";
  from?: string;
  to?: string;
  sort?: string;
  order?: "asc" | "desc";
};

/** The rows that a filter leaves, in its order, as a CSV file. */
export function SaveRows({ run, asked }: { run: RunDetail; asked: Asked }) {
  const saving = useMutation({
    mutationFn: async () => {
      const params = { path: { run_id: run.id }, query: asked };
      const request = client.GET("/v1/runs/{run_id}/export.csv", { params, parseAs: "blob" });
      saveFile((await answer(request)) as Blob, `${run.short_id}-${asked.table}.csv`);
    },
  });
  return (
    <>
      <Button
        disabled={saving.isPending}
        title="The rows of this filter, in this order"
        onClick={() => saving.mutate()}
      >
        Save as CSV
      </Button>
      {saving.error && <ProblemNote error={saving.error} />}
    </>
  );
}
