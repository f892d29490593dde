import { Link } from "@tanstack/react-router";
import type { Column } from "@/ui/DataTable";
import { MetricText } from "@/ui/MetricText";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { TrustCell } from "@/ui/TrustBar";
import { When } from "@/ui/When";
import { Star } from "./label/Star";
import type { ListedRun } from "./queries";
import { KINDS } from "./search";

const TONES: Record<string, Tone> = { done: "ok", failed: "fail", running: "busy", queued: "wait", cancelled: "off" };

function metric(key: string, header: string): Column<ListedRun> {
  return {
    key,
    header,
    align: "right",
    sort: ["total_return", "sharpe", "max_drawdown", "trades"].includes(key) ? key : undefined,
    cell: (run) => <MetricText metric={run.headline.find((each) => each.key === key)} />,
  };
}

/** What a run is called: its own name, else its strategy. */
export function titleOf(run: { name: string | null; strategy: string }): string {
  return run.name ?? run.strategy;
}

/** The columns of the list of runs; the first three cannot be hidden. */
export const RUN_COLUMNS: readonly Column<ListedRun>[] = [
  {
    key: "run",
    header: "Run",
    sort: "name",
    card: "title",
    cell: (run) => (
      <span className="flex min-w-44 flex-col">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium text-accent hover:underline">
          {titleOf(run)}
        </Link>
        <span className="text-muted text-sm">
          <code>{run.short_id}</code>
          {run.name && ` · ${run.strategy}`}
          {run.tags.length > 0 && ` · ${run.tags.join(", ")}`}
        </span>
        {run.note && (
          <span className="max-w-72 truncate text-muted text-sm" title={run.note}>
            {run.note}
          </span>
        )}
      </span>
    ),
  },
  {
    key: "star",
    header: "Marked",
    quiet: true,
    card: "title",
    cell: (run) => <Star run={run} />,
  },
  { key: "trust", header: "Trust", cell: (run) => <TrustCell chips={run.trust} /> },
  metric("total_return", "Return"),
  metric("sharpe", "Sharpe ± SE"),
  metric("max_drawdown", "Max DD"),
  metric("trades", "Trades"),
  metric("benchmark_return", "Benchmark"),
  {
    key: "symbols",
    header: "Symbols",
    cell: (run) => (
      <span className="whitespace-nowrap" title={run.symbols.join(", ")}>
        {run.symbols.slice(0, 2).join(", ")}
        {run.symbols.length > 2 && ` + ${run.symbols.length - 2}`} <span className="text-muted">{run.timeframe}</span>
      </span>
    ),
  },
  {
    key: "period",
    header: "Period",
    card: "hidden",
    cell: (run) => (
      <span className="whitespace-nowrap tabular-nums">
        {run.first} to {run.last}
      </span>
    ),
  },
  {
    key: "kind",
    header: "Kind",
    card: "hidden",
    cell: (run) => (
      <span className="whitespace-nowrap">
        {KINDS[run.kind as keyof typeof KINDS] ?? run.kind}
        {run.synthetic && <span className="text-muted"> · synthetic</span>}
      </span>
    ),
  },
  {
    key: "status",
    header: "Status",
    card: "hidden",
    cell: (run) => <StatusPill tone={TONES[run.status] ?? "notice"} word={run.status} />,
  },
  {
    key: "created",
    header: "Kept",
    sort: "created",
    card: "hidden",
    cell: (run) => <When at={run.created_at} relative />,
  },
];

/** Columns that are always there. */
export const FIXED = new Set(["run", "star", "trust"]);
