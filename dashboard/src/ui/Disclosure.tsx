import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef, useState } from "react";

type Props = {
  /** What stands on the button. */
  button: ReactNode;
  buttonClass: string;
  /** Where the panel opens from the button. */
  panelClass: string;
  className?: string;
  children: (close: () => void) => ReactNode;
};

/** A button that shows a few links or buttons; Escape, leaving it or choosing one closes it again. */
export function Disclosure({ button, buttonClass, panelClass, className = "", children }: Props) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const close = (): void => setOpen(false);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
    trigger.current?.focus();
  };
  const onBlur = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what bubbles up from the button and the links
    <div className={`relative ${className}`} onKeyDown={onKey} onBlur={onBlur}>
      <button
        ref={trigger}
        type="button"
        aria-expanded={open}
        className={buttonClass}
        onClick={(event) => {
          event.currentTarget.focus(); // Safari does not focus a clicked button, and leaving it would not be told
          setOpen(!open);
        }}
      >
        {button}
      </button>
      {open && (
        <div
          className={`absolute z-30 min-w-52 animate-[appear_120ms_ease-out] rounded-md border border-line bg-overlay py-1 shadow-overlay ${panelClass}`}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
