import { useSession } from "@/api/auth";
import { Icon } from "@/ui/Icon";
import type { ListedRun } from "../queries";
import { useChangeLabel } from "./changeLabel";

const WHY = "A viewer may not mark runs";

type Props = { run: Pick<ListedRun, "id" | "star" | "name" | "strategy" | "short_id"> };

/** Mark a run, or take the mark away. */
export function Star({ run }: Props) {
  const change = useChangeLabel();
  const mayNot = useSession()?.user.role === "viewer" ? WHY : undefined;
  const word = run.star ? "Marked" : "Not marked";
  return (
    <button
      type="button"
      aria-pressed={run.star}
      aria-label={`Mark ${run.name ?? run.strategy} ${run.short_id}`}
      aria-disabled={mayNot ? true : undefined}
      aria-description={mayNot}
      title={mayNot ?? (change.error ? change.error.message : word)}
      className={`target inline-flex items-center justify-center rounded-sm px-1 ${run.star ? "text-accent" : "text-muted hover:text-text"}`}
      onClick={() => !mayNot && change.mutate({ id: run.id, label: { star: !run.star } })}
    >
      <Icon name="star" className={run.star ? "fill-current" : ""} />
    </button>
  );
}
