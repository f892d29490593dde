import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Confirmed, changeMode, flatten, stopSession } from "@/api/acts";
import { keys } from "@/api/keys";
import { Button } from "@/ui/Button";
import { ReviewDialog } from "@/ui/ReviewDialog";
import { useWhyNot } from "@/ui/useWhyNot";
import type { SessionDetail } from "./queries";

type Review = "stop" | "flatten" | "transition" | null;

/** What can be done with a session, the same in every mode: stop it, close all it holds, take it into the other mode. */
export function SessionActions({ session, mode }: { session: SessionDetail; mode: string }) {
  const [review, open] = useState<Review>(null);
  const trader = useWhyNot("trader");
  const admin = useWhyNot("admin");
  const isOver = session.state === "ended" ? "The session has ended." : undefined;
  const other = session.mode === "live" ? "paper" : "live";
  return (
    <>
      <Button why={isOver ?? (other === "live" ? admin : trader)} onClick={() => open("transition")}>
        {other === "live" ? "Go live…" : "To paper…"}
      </Button>
      <Button why={isOver ?? trader} onClick={() => open("flatten")}>
        Close all…
      </Button>
      <Button why={isOver ?? trader} onClick={() => open("stop")}>
        Stop…
      </Button>
      {review && <Reviewed session={session} mode={mode} review={review} other={other} onClose={() => open(null)} />}
    </>
  );
}

type Props = {
  session: SessionDetail;
  mode: string;
  review: NonNullable<Review>;
  other: "paper" | "live";
  onClose: () => void;
};

function Reviewed({ session, mode, review, other, onClose }: Props) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const anew = () => queries.invalidateQueries({ queryKey: keys.session(session.id) });
  const subject = { session_id: session.id };
  if (review === "stop") {
    return (
      <ReviewDialog
        title={`Stop the ${mode} session of ${session.account}`}
        ask={{ action: "stop_session", session_id: session.id }}
        isTyped={false}
        act={async ({ reason }) => {
          await stopSession(session.id, reason);
          await anew();
          return null;
        }}
        onClose={onClose}
      />
    );
  }
  if (review === "flatten") {
    return (
      <ReviewDialog
        title={`Close all of ${session.account}`}
        ask={{ action: "flatten", ...subject }}
        act={async (confirmed: Confirmed) => {
          const told = await flatten(subject, confirmed);
          await anew();
          return told;
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <ReviewDialog
      title={other === "live" ? "Take it live" : "Take it to paper"}
      ask={{ action: "mode_transition", session_id: session.id, to: other }}
      act={async (confirmed) => {
        const job = await changeMode(session.id, other, confirmed);
        void navigate({ to: "/jobs/$jobId", params: { jobId: job.id } });
        return null;
      }}
      onClose={onClose}
    />
  );
}
