import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import { Field } from "@/ui/Field";
import { useWhyNot } from "@/ui/useWhyNot";
import { type Approval, revoke } from "./queries";

/** Take an approval back: the strategy may not start with it again. */
export function Revoke({ approval: { number, verdict, in_force, strategy } }: { approval: Approval }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const why = useWhyNot("admin", "The server does not answer.");
  if (!in_force || verdict !== "approved") return <span className="text-muted">–</span>;
  return (
    <>
      <Button why={why} onClick={() => setOpen(true)}>
        Revoke…
      </Button>
      {open && (
        <DangerDialog
          title={`Revoke the approval of ${strategy.name}`}
          verb="Revoke 1 approval"
          ready={reason.trim() !== ""}
          onClose={() => setOpen(false)}
          onConfirm={async () => {
            await revoke(number, reason.trim());
            await queries.invalidateQueries({ queryKey: keys.approvals.all() });
          }}
        >
          <p>No new session may start on it. Sessions that run already go on until they are stopped.</p>
          <Field label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} />
        </DangerDialog>
      )}
    </>
  );
}
