import { Icon } from "./Icon";

type Props = { mode: string; count?: number };

const SHAPES: Record<string, string> = {
  LIVE: "border-danger bg-danger text-on-danger",
  PAPER: "border-dashed border-paper text-paper",
};

/** Whose money it is: LIVE is solid with a square, PAPER is dashed, everything else is grey. */
export function ModeBadge({ mode, count }: Props) {
  const word = mode.toUpperCase();
  const shape = SHAPES[word] ?? "border-border text-muted";
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-sm border px-1.5 py-px font-semibold text-xs tracking-wide ${shape}`}
    >
      {word === "LIVE" && <Icon name="live" className="size-3! fill-current" />}
      {word}
      {count !== undefined && <span className="tabular-nums">{count}</span>}
    </span>
  );
}
