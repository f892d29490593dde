import { useEffect } from "react";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { usePreferences } from "@/ui/preferences";
import type { RunDetail } from "../queries";
import type { ChangeSearch } from "./RunPage";

type Props = { run: RunDetail; trade: number | undefined; change: ChangeSearch };

/** From trade to trade by button, or with `[` and `]`. */
export function TradeSteps({ run, trade, change }: Props) {
  const { keys } = usePreferences();
  const count = run.tables.trades ?? 0;
  useEffect(() => {
    if (keys === "off" || !count) return;
    const onKey = (event: KeyboardEvent) => {
      const step = { "[": -1, "]": 1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      const next = Math.min(count, Math.max(1, trade === undefined ? (step > 0 ? 1 : count) : trade + step));
      change({ trade: next, tab: undefined, sort: undefined, page: undefined });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [keys, count, trade, change]);
  if (!count) return null;
  const step = (next: number) => change({ trade: next, tab: undefined, sort: undefined, page: undefined });
  return (
    <fieldset aria-label="Trades" className="flex items-center gap-1">
      <Button
        aria-label="Previous trade"
        title="Previous trade ( [ )"
        disabled={trade === 1}
        onClick={() => step(trade ? trade - 1 : count)}
      >
        <Icon name="left" />
      </Button>
      <span className="min-w-20 text-center text-muted text-sm tabular-nums">
        {trade ? `trade ${trade} of ${count.toLocaleString("en-US")}` : `${count.toLocaleString("en-US")} trades`}
      </span>
      <Button
        aria-label="Next trade"
        title="Next trade ( ] )"
        disabled={trade === count}
        onClick={() => step(trade ? trade + 1 : 1)}
      >
        <Icon name="right" />
      </Button>
    </fieldset>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}
