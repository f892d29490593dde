import { AlertDialog } from "radix-ui";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button } from "./Button";
import { INPUT } from "./Field";
import { ProblemNote } from "./ProblemNote";

type Props = {
  title: string;
  /** What will and will not happen, with the counts of this moment. */
  children: ReactNode;
  /** The name of the account, session or thing, to be typed; nothing is typed for what only makes things safer. */
  name?: string;
  /** Verb, object and count: "Delete 1 run". */
  verb: string;
  /** Whether what else is asked for is there. */
  ready?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
};

/** The review of something dangerous: it starts on Cancel, asks for the name, and Enter in the field does nothing. */
export function DangerDialog({ title, children, name, verb, ready = true, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [sent, setSent] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  const confirm = (): void => {
    setSent(true);
    setError(null);
    onConfirm().then(onClose, (problem) => {
      setError(problem);
      setSent(false);
    });
  };
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-shade" />
        <AlertDialog.Content
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            cancel.current?.focus();
          }}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[90dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-md border border-danger bg-overlay p-5 shadow-overlay"
        >
          <AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="flex flex-col gap-2">{children}</div>
          </AlertDialog.Description>
          {name !== undefined && (
            <div className="flex flex-col gap-1">
              <label htmlFor={id}>
                Type <strong className="break-all">{name}</strong> to confirm
              </label>
              <input
                id={id}
                className={INPUT}
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
          )}
          {error ? <ProblemNote error={error} /> : null}
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button ref={cancel}>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="danger" disabled={(name !== undefined && typed !== name) || sent || !ready} onClick={confirm}>
              {sent ? "Sent, waiting for the answer" : verb}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
