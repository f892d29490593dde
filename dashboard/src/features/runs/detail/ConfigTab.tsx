import type { ReactNode } from "react";
import { CopyButton } from "@/ui/CopyButton";
import { Panel } from "@/ui/Panel";
import type { RunDetail } from "../queries";

/** What the run was made from, so that it can be made again. */
export function ConfigTab({ run }: { run: RunDetail }) {
  const { hashes } = run;
  return (
    <div className="grid min-w-0 items-start gap-4 md:grid-cols-2">
      {run.strategies.map((strategy) => (
        <Panel
          key={strategy.name}
          title={strategy.name}
          note={`${strategy.warmup_bars} warm-up bars, ${strategy.style} style`}
        >
          <Pairs
            pairs={[
              ...Object.entries(strategy.params).map(pairOf),
              ["source hash", <Hash key="h" value={strategy.source_hash} />],
            ]}
          />
        </Panel>
      ))}
      <Panel title="Hashes" note="Equal hashes mean equal bytes">
        <Pairs
          pairs={[
            ["record", <Hash key="r" value={hashes.record} />],
            ["config", <Hash key="c" value={hashes.config} />],
            ["code version", <code key="v">{hashes.code_version}</code>],
            ["run", <Hash key="i" value={run.id} />],
          ]}
        />
        <p className="mt-2 text-muted text-sm">
          {run.obstacles.length
            ? `It cannot be run again: ${run.obstacles.join("; ")}.`
            : "It can be run again, to the same bytes:"}{" "}
          {!run.obstacles.length && <code>tradewright runs rerun {run.short_id}</code>}
        </p>
      </Panel>
      <Panel title="Choices">
        <Pairs pairs={Object.entries(run.config).map(pairOf)} />
      </Panel>
      <Panel title="Data">
        <div className="flex flex-col gap-4">
          {run.data.map((data) => (
            <Pairs key={JSON.stringify(data)} pairs={Object.entries(data).map(pairOf)} />
          ))}
        </div>
      </Panel>
    </div>
  );
}

type Pair = [name: string, value: ReactNode];

function pairOf([name, value]: [string, unknown]): Pair {
  return [name.replaceAll("_", " "), <Plain key={name} value={value} />];
}

function Pairs({ pairs }: { pairs: Pair[] }) {
  return (
    <dl className="flex flex-col text-sm">
      {pairs.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4 border-line border-t py-1 first:border-t-0">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 break-words text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Hash({ value }: { value: string | null }) {
  if (!value) return <span className="text-muted">n/a</span>;
  return (
    <span className="inline-flex items-center gap-1">
      <code title={value}>{value.slice(0, 12)}</code>
      <CopyButton text={value} />
    </span>
  );
}

function Plain({ value }: { value: unknown }) {
  if (value === null) return <span className="text-muted">none</span>;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return String(value);
  return <code className="whitespace-pre-wrap break-all text-sm">{JSON.stringify(value)}</code>;
}
