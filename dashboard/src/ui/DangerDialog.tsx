import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { ProblemNote } from "./ProblemNote";
import { ReviewFrame } from "./ReviewFrame";
import { TypedName } from "./TypedName";

type Props = {
  title: string;
  /** What will and will not happen. */
  children: ReactNode;
  /** The name of the thing, to be typed; nothing is typed for what only makes things safer. */
  name?: string;
  /** Verb, object and count: "Delete 1 run". */
  verb: string;
  /** Whether what else is asked for is there. */
  ready?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
};

/** The review of something that cannot be taken back, where nothing moves meanwhile. */
export function DangerDialog({ title, children, name, verb, ready = true, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [sent, setSent] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = (): void => {
    setSent(true);
    setError(null);
    onConfirm().then(onClose, (problem) => {
      setError(problem);
      setSent(false);
    });
  };
  const isOff = (name !== undefined && typed !== name) || sent || !ready;
  return (
    <ReviewFrame
      title={title}
      onClose={onClose}
      action={
        <Button look="danger" disabled={isOff} onClick={confirm}>
          {sent ? "Sent, waiting for the answer" : verb}
        </Button>
      }
    >
      {children}
      {name !== undefined && <TypedName name={name} typed={typed} onTyped={setTyped} />}
      {error ? <ProblemNote error={error} /> : null}
    </ReviewFrame>
  );
}
