import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSession } from "@/api/auth";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { announce } from "@/ui/announce";
import { Button } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import type { RunDetail } from "../queries";

/** Delete a run, after a review of what goes with it. */
export function DeleteRun({ run }: { run: RunDetail }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayNot = useSession()?.user.role === "admin" ? undefined : "Only an admin deletes runs";
  const confirm = async () => {
    await answer(client.DELETE("/v1/runs/{run_id}", { params: { path: { run_id: run.id } } }));
    announce(`The run ${run.short_id} is deleted`);
    await navigate({ to: "/runs" });
    queries.removeQueries({ queryKey: keys.run(run.id) });
    queries.invalidateQueries({ queryKey: keys.runs.all() });
  };
  return (
    <>
      <Button why={mayNot} onClick={() => setOpen(true)}>
        Delete
      </Button>
      {isOpen && (
        <DangerDialog
          title={`Delete the run ${run.short_id}?`}
          name={run.name ?? run.short_id}
          verb="Delete 1 run"
          onConfirm={confirm}
          onClose={() => setOpen(false)}
        >
          <p>
            {run.name ?? run.strategy}, {run.first} to {run.last}, with its {run.tables.trades} trades, its curves and
            {run.search ? " all trials of its search" : run.walk_forward ? " all folds of its walk" : " its log"}, is
            gone for good.
          </p>
          <p>Trials stay counted against luck, and approvals that name it as evidence stay in the log.</p>
        </DangerDialog>
      )}
    </>
  );
}
