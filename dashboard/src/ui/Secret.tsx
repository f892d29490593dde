import { useState } from "react";
import { Button } from "./Button";
import { Icon } from "./Icon";

/** A secret that is shown once: what it is, the text to copy, and that it will not be seen again. */
export function Secret({ title, secret, onDone }: { title: string; secret: string; onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <div role="status" className="flex flex-col items-start gap-2 rounded-md border border-warn p-3">
      <p className="font-semibold">{title}</p>
      <code className="max-w-full select-all break-all rounded-sm bg-surface px-2 py-1">{secret}</code>
      <p className="text-muted text-sm">It is shown now and never again.</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void copy()}>
          <Icon name={copied ? "ok" : "copy"} />
          {copied ? "Copied" : "Copy"}
        </Button>
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
