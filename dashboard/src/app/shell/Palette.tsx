import { useNavigate } from "@tanstack/react-router";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, useId, useState } from "react";
import { Icon } from "@/ui/Icon";
import { MENU } from "./menu";

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Go to a page by its name: type, choose with the arrows, Enter. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const found = MENU.filter((entry) => words(typed).every((word) => entry.label.toLowerCase().includes(word)));
  const at = Math.min(chosen, found.length - 1);
  const go = (index: number): void => {
    const entry = found[index];
    if (!entry) return;
    onClose();
    void navigate({ to: entry.to });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setChosen((at + step + found.length) % found.length);
    else if (event.key === "Enter") go(at);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-md border border-line bg-overlay shadow-overlay"
        >
          <Dialog.Title className="sr-only">Go to a page</Dialog.Title>
          <div className="flex items-center gap-2 border-line border-b px-4">
            <Icon name="search" className="text-muted" />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
              aria-label="Page"
              placeholder="Go to …"
              className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-muted"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setChosen(0);
              }}
              onKeyDown={onKey}
            />
          </div>
          <div role="listbox" id={`${id}-list`} aria-label="Pages" className="max-h-80 overflow-y-auto py-1">
            {found.map((entry, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which holds the focus
              <div
                key={entry.to}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className="flex min-h-10 cursor-pointer items-center gap-3 px-4 aria-selected:bg-surface aria-selected:font-semibold"
                onPointerMove={() => setChosen(index)}
                onClick={() => go(index)}
              >
                <Icon name={entry.icon} />
                {entry.label}
                {entry.key && <kbd className="ml-auto text-muted text-sm">g {entry.key}</kbd>}
              </div>
            ))}
          </div>
          {found.length === 0 && <p className="px-4 pb-4 text-muted">No page has that name.</p>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
