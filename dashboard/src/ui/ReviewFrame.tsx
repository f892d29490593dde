import { AlertDialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "./Button";

type Props = {
  title: ReactNode;
  children: ReactNode;
  /** The word on the way back: where the focus begins. */
  back?: string;
  /** The dangerous button; none once it is done. */
  action?: ReactNode;
  onClose: () => void;
};

/** The frame of every review: it begins on the way back, and Escape is that way too. */
export function ReviewFrame({ title, children, back = "Cancel", action, onClose }: Props) {
  const way = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 animate-[appear_120ms_ease-out] bg-shade" />
        <AlertDialog.Content
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            way.current?.focus();
          }}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[90dvh] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-md border border-danger bg-overlay p-5 shadow-overlay"
        >
          <AlertDialog.Title className="flex flex-wrap items-center gap-2 font-semibold text-lg">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="flex min-w-0 flex-col gap-3">{children}</div>
          </AlertDialog.Description>
          <div className="flex flex-wrap justify-end gap-2 *:min-w-0 *:whitespace-normal *:wrap-anywhere">
            <AlertDialog.Cancel asChild>
              <Button ref={way}>{back}</Button>
            </AlertDialog.Cancel>
            {action}
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
