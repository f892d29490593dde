import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/auth";
import { Button, buttonClass } from "@/ui/Button";
import { DeleteRun } from "../label/DeleteRun";
import { Star } from "../label/Star";
import type { RunDetail } from "../queries";
import { WalkFromHere } from "../study/SearchPart";
import { StartPaper } from "../study/StartPaper";
import { ExportMenu } from "./ExportMenu";

/** What can be done with a run; the last one is what most people do next. */
export function RunActions({ run, onEdit }: { run: RunDetail; onEdit: () => void }) {
  const mayNot = useSession()?.user.role === "viewer" ? "A viewer may not change runs" : undefined;
  return (
    <>
      <Star run={run} />
      <Button why={mayNot} onClick={onEdit}>
        Edit
      </Button>
      <ExportMenu run={run} />
      <DeleteRun run={run} />
      <Link to="/compare" search={{ ids: run.id }} className={buttonClass()}>
        Compare
      </Link>
      {run.kind === "backtest" && (
        <Link to="/runs/new" search={{ like: run.id, kind: "optimize" }} className={buttonClass()}>
          Search
        </Link>
      )}
      {run.search ? (
        <WalkFromHere run={run} />
      ) : (
        <Link to="/runs/new" search={{ like: run.id }} className={buttonClass(run.walk_forward ? "plain" : "primary")}>
          Run again, changed
        </Link>
      )}
      {run.walk_forward && <StartPaper run={run} />}
    </>
  );
}

/** What ran, over which data; and what somebody said of it. */
export function RunLead({ run }: { run: RunDetail }) {
  return (
    <span className="flex flex-col gap-1">
      <span className="flex flex-wrap gap-x-2">
        {run.name && <span>{run.strategy} ·</span>}
        <span>
          {run.symbols.slice(0, 4).join(", ")}
          {run.symbols.length > 4 && ` and ${run.symbols.length - 4} more`} {run.timeframe} ·
        </span>
        <span className="tabular-nums">
          {run.first} to {run.last} ·
        </span>
        <span>
          {run.currency} · <code>{run.short_id}</code>
        </span>
        {run.tags.map((tag) => (
          <span key={tag} className="rounded-sm border border-line px-1 text-sm">
            {tag}
          </span>
        ))}
      </span>
      {run.note && <span className="max-w-prose whitespace-pre-line">{run.note}</span>}
    </span>
  );
}
