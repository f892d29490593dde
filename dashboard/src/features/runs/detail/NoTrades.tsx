import { EmptyState } from "@/ui/EmptyState";
import type { RunDetail } from "../queries";

/** Why a run has no trades: what was refused, and what is still open. */
export function NoTrades({ run }: { run: RunDetail }) {
  const open = run.open_positions.length;
  return (
    <EmptyState icon="notice" title="No trade was closed">
      {open > 0 && <p>{open === 1 ? "One position was" : `${open} positions were`} opened and never closed.</p>}
      {run.refusals.length > 0 && (
        <ul>
          {run.refusals.map((refusal) => (
            <li key={JSON.stringify(refusal)}>{Object.values(refusal).join(" · ")}</li>
          ))}
        </ul>
      )}
      {!open && !run.refusals.length && <p>The strategy asked for no order that filled; its log may say why.</p>}
    </EmptyState>
  );
}
