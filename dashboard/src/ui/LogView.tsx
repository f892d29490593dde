import { useEffect, useRef, useState } from "react";
import { Button } from "./Button";

type Props = { lines: readonly string[]; label: string; ended: boolean };

/** The lines of a log. It follows the end until somebody scrolls up, and says when it does not follow. */
export function LogView({ lines, label, ended }: Props) {
  const box = useRef<HTMLPreElement>(null);
  const [follows, setFollows] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what it scrolls for
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length, follows]);
  const onScroll = (): void => {
    const at = box.current;
    if (at) setFollows(at.scrollHeight - at.scrollTop - at.clientHeight < 24);
  };
  return (
    <div className="flex flex-col gap-1">
      <pre
        ref={box}
        role="log"
        aria-label={label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="max-h-96 min-h-24 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-surface p-3 text-sm"
      >
        {lines.length ? lines.join("\n") : ended ? "The log is empty." : "Nothing was said yet."}
      </pre>
      <div className="flex min-h-8 items-center gap-2 text-muted text-sm">
        <span className="tabular-nums">
          {lines.length} {lines.length === 1 ? "line" : "lines"}
          {ended ? ", ended" : ""}
        </span>
        {!follows && <Button onClick={() => setFollows(true)}>To the end</Button>}
      </div>
    </div>
  );
}
