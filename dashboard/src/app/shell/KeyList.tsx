import { Dialog } from "radix-ui";
import { Button } from "@/ui/Button";
import { MENU } from "./menu";

const EVERYWHERE: readonly (readonly [string, string])[] = [
  ["Ctrl K, ⌘ K", "Go to a page by its name"],
  ["?", "This list"],
  ["/", "To the filters"],
  ["j, k", "Next and previous row"],
  ["Enter", "Open the row"],
  ["t", "Next zone of all times"],
  ["Shift S", "Open the Stop panel"],
  ["Esc", "Back out"],
];

/** Every key that does something. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const pages = MENU.flatMap((entry) => (entry.key ? [[`g ${entry.key}`, entry.label] as const] : []));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-md border border-line bg-overlay p-5 shadow-overlay"
        >
          <Dialog.Title className="mb-3 font-semibold text-lg">Keys</Dialog.Title>
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
            {[...EVERYWHERE, ...pages].map(([key, meaning]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="rounded-sm border border-border px-1.5 py-0.5 text-sm">{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <p className="mt-3 text-muted text-sm">Single keys can be turned off in the settings.</p>
          <div className="mt-4 flex justify-end">
            <Dialog.Close asChild>
              <Button>Close</Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
