import { type ReactNode, useState } from "react";
import type { ActResult, Confirmed, PreviewRequest } from "@/api/acts";
import { ActOutcome } from "./ActOutcome";
import { Button } from "./Button";
import { Field } from "./Field";
import { Loaded } from "./Loaded";
import { ModeBadge } from "./ModeBadge";
import { PreviewText } from "./PreviewText";
import { ProblemNote } from "./ProblemNote";
import { ReviewFrame } from "./ReviewFrame";
import { TypedName } from "./TypedName";
import { useReview } from "./useReview";

type Props = {
  /** Two or three words. */
  title: string;
  ask: PreviewRequest;
  /** Whether the name is typed; not for what only makes things safer. */
  isTyped?: boolean;
  /** Whether a reason is asked for, which is kept. */
  hasReason?: boolean;
  /** What becomes of it; an answer without results closes the review. */
  act: (confirmed: Confirmed) => Promise<ActResult | null>;
  children?: ReactNode;
  onClose: () => void;
};

/**
 * The review of what sends orders or raises risk: account, mode, counts and value at this moment, what will and will not
 * happen. It begins on Cancel, Enter does nothing, and where the numbers moved it has to be confirmed anew.
 */
export function ReviewDialog({ title, ask, isTyped = true, hasReason = true, act, children, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const review = useReview(ask, act, { onMoved: () => setTyped(""), onDone: onClose });
  const { preview, phase, result, error } = review;
  if (phase === "answered" || phase === "unknown") {
    return (
      <ReviewFrame title={title} back="Close" onClose={onClose}>
        <ActOutcome result={result} />
      </ReviewFrame>
    );
  }
  const name = isTyped ? preview?.typed : undefined;
  const isReady = preview && !preview.blocked && (!name || typed === name) && (!hasReason || reason.trim() !== "");
  return (
    <ReviewFrame
      title={
        <>
          {preview && <ModeBadge mode={preview.mode} />}
          {title}
        </>
      }
      onClose={onClose}
      action={
        preview && (
          <Button
            look="danger"
            disabled={!isReady || phase === "sent"}
            onClick={() => review.confirm({ typed, digest: preview.digest, reason: reason.trim() })}
          >
            {phase === "sent" ? "Sent, waiting for the answer" : preview.button}
          </Button>
        )
      }
    >
      {children}
      <Loaded query={review.query} rows={5} waitingFor="what it would do">
        {() => preview && <PreviewText preview={preview} hasMoved={phase === "moved"} />}
      </Loaded>
      {hasReason && preview && (
        <Field label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} />
      )}
      {name && <TypedName name={name} typed={typed} onTyped={setTyped} />}
      {error ? <ProblemNote error={error} /> : null}
    </ReviewFrame>
  );
}
