import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { NOT_AVAILABLE } from "@/format/decimal";
import { percent, returns } from "@/format/percent";
import { tabbed } from "@/format/tabbed";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { DiffTable } from "@/ui/DiffTable";
import { Missing } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { CompareCurves } from "./CompareCurves";
import type { Comparison } from "./queries";

type Props = { found: Comparison; onBase: (id: string) => void; onLeave: (id: string) => void };
type Run = Comparison["runs"][number];

const LETTERS = "ABCDEFGH";

/** What is compared before everything else is asked for. */
const FIRST = new Set(["total_return", "cagr", "sharpe", "max_drawdown", "trades", "costs", "benchmark_return"]);

/** Differing choices, metrics beside the base, and curves over the time that all runs share. */
export function Compared({ found, onBase, onLeave }: Props) {
  const [isAll, setAll] = useState(false);
  const heads = found.runs.map((run, index) => (
    <RunHead key={run.id} run={run} index={index} onBase={onBase} onLeave={onLeave} />
  ));
  const letters = found.runs.map((run, index) => `${LETTERS[index]} ${run.name ?? run.strategy}`);
  const metrics = found.metrics.map((row) => ({
    key: row.key,
    label: row.label,
    differs: row.differs,
    cells: row.texts.map((text, index) => (
      <MetricCell
        key={`${row.key} ${found.runs[index]?.id}`}
        text={text}
        difference={row.difference_texts[index] ?? null}
        isBase={index === 0}
      />
    )),
  }));
  const copied = tabbed([["metric", ...letters], ...found.metrics.map((row) => [row.label, ...row.texts])]);
  return (
    <>
      {found.same && (
        <p role="status" className="rounded-md border border-line bg-surface p-3">
          All of them are the same run: every decision, fill and mark is equal.
        </p>
      )}
      <Panel title="Choices">
        <DiffTable
          caption="Choices side by side"
          heads={letters}
          rows={choiceRows(found.config)}
          empty="Every choice is equal."
        />
      </Panel>
      <Panel title="Curves" note={<PeriodNote found={found} />}>
        <CompareCurves ids={found.runs.map((run) => run.id)} names={letters} />
        <PeriodTable found={found} heads={letters} />
      </Panel>
      <Panel
        title="Metrics"
        note="each with its difference to the base"
        actions={<CopyButton text={copied} label="Copy as table" />}
      >
        <DiffTable
          caption="Metrics side by side"
          heads={heads}
          rows={isAll ? metrics : metrics.filter(({ key }) => FIRST.has(key))}
          align="right"
          empty="Every metric is equal."
        />
        {metrics.length > FIRST.size && (
          <Button className="mt-3" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? "Only the headline" : `Show all ${metrics.length} metrics`}
          </Button>
        )}
      </Panel>
      <Panel title="Data">
        <DiffTable
          caption="Data side by side"
          heads={letters}
          rows={choiceRows(found.data)}
          empty="They saw the same data."
        />
      </Panel>
    </>
  );
}

function RunHead({
  run,
  index,
  onBase,
  onLeave,
}: {
  run: Run;
  index: number;
  onBase: Props["onBase"];
  onLeave: Props["onLeave"];
}) {
  return (
    <span className="inline-flex flex-col items-end gap-0.5">
      <Link to="/runs/$runId" params={{ runId: run.id }} className="text-accent hover:underline">
        {LETTERS[index]} {run.name ?? run.strategy}
      </Link>
      <code className="text-muted">{run.short_id}</code>
      <span className="flex items-center gap-2 font-normal">
        {index === 0 ? (
          <span className="text-muted">base</span>
        ) : (
          <button type="button" className="target text-accent underline" onClick={() => onBase(run.id)}>
            set base
          </button>
        )}
        <button
          type="button"
          className="target text-muted underline"
          aria-label={`take away ${LETTERS[index]}`}
          onClick={() => onLeave(run.id)}
        >
          take away
        </button>
      </span>
    </span>
  );
}

function MetricCell({ text, difference, isBase }: { text: string; difference: string | null; isBase: boolean }) {
  return (
    <span className="whitespace-nowrap tabular-nums">
      {text === NOT_AVAILABLE ? <Missing reason="it is undefined for this run; its page has the reason" /> : text}
      {!isBase && difference && <span className="block text-muted">{difference}</span>}
    </span>
  );
}

function choiceRows(rows: Comparison["config"]) {
  return rows.map((row) => ({
    key: row.path,
    label: row.path,
    differs: row.differs,
    // biome-ignore lint/suspicious/noArrayIndexKey: runs stand in the order of the address
    cells: row.values.map((value, index) => <Choice key={index} value={value} />),
  }));
}

function Choice({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="text-muted">not there</span>;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return <code className="break-all">{JSON.stringify(value)}</code>;
  const text = String(value);
  return text.length > 24 ? <code title={text}>{text.slice(0, 16)}…</code> : text;
}

function PeriodNote({ found }: { found: Comparison }) {
  if (!found.period) return <>of the whole time</>;
  const { first, last, sessions } = found.period;
  return (
    <>
      of the common period, {first} to {last}, {sessions.toLocaleString("en-US")} sessions
    </>
  );
}

function PeriodTable({ found, heads }: { found: Comparison; heads: string[] }) {
  if (!found.period) return null;
  const { returns: changes, drawdowns } = found.period;
  const cells = (values: (number | null)[], as: (value: number | null) => string) => values.map((value) => as(value));
  return (
    <div className="mt-3">
      <DiffTable
        caption="Over the common period"
        heads={heads}
        align="right"
        empty=""
        rows={[
          { key: "return", label: "Return, common period", differs: true, cells: cells(changes, returns) },
          { key: "drawdown", label: "Max drawdown, common period", differs: true, cells: cells(drawdowns, percent) },
        ]}
      />
    </div>
  );
}
