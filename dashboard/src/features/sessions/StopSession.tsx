import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "@/api/auth";
import { keys } from "@/api/keys";
import { useAnswers } from "@/api/reach";
import { Button } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import { Field } from "@/ui/Field";
import { stopSession } from "./queries";

type Props = { id: string; account: string; mode: string };

/** Ask a session to end: what it does and does not do is said first, and the reason is kept. */
export function StopSession({ id, account, mode }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const role = useSession()?.user.role;
  const answers = useAnswers();
  const forbidden = role === "viewer" ? "This takes the role trader." : undefined;
  const offline = answers ? undefined : "The server does not answer; on its machine type: tradewright kill";
  return (
    <>
      <Button why={offline ?? forbidden} onClick={() => setOpen(true)}>
        Stop…
      </Button>
      {open && (
        <DangerDialog
          title={`Stop the ${mode} session of ${account}`}
          verb={`Stop 1 session of ${account}`}
          ready={reason.trim() !== ""}
          onClose={() => setOpen(false)}
          onConfirm={async () => {
            await stopSession(id, reason.trim());
            await queries.invalidateQueries({ queryKey: keys.session(id) });
          }}
        >
          <p>It ends after the bar it works on. What was given is still worked.</p>
          <p>Positions and resting orders stay as they are; nothing is closed.</p>
          <Field label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} />
        </DangerDialog>
      )}
    </>
  );
}
