import { StatusPill } from "@/ui/StatusPill";

const WORDS = { notice: "notice", warn: "doubtful", fail: "broken" } as const;

type Props = { gravity: "notice" | "warn" | "fail" | null; isChecked: boolean };

/** How grave the gravest finding is; what nobody looked at is not called clean. */
export function Gravity({ gravity, isChecked }: Props) {
  if (!isChecked) return <StatusPill tone="off" word="not checked" />;
  return <StatusPill tone={gravity ?? "ok"} word={gravity ? WORDS[gravity] : "clean"} />;
}
