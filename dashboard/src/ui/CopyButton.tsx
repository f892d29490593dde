import { useState } from "react";
import { announce } from "./announce";
import { Icon } from "./Icon";

/** Copies a text, and says so. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [isDone, setDone] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(() => {
      setDone(true);
      announce("Copied");
    });
  };
  return (
    <button
      type="button"
      className="target inline-flex items-center gap-1 rounded-sm px-1 text-muted hover:text-text"
      aria-label={label}
      title={label}
      onClick={copy}
    >
      <Icon name={isDone ? "ok" : "copy"} />
      {label !== "Copy" && label}
    </button>
  );
}
