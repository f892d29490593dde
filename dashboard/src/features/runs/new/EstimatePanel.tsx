import { type UseMutationResult, useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema.gen";
import { bytes } from "@/format/bytes";
import { decimal } from "@/format/decimal";
import { duration } from "@/format/duration";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { Missing } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";
import { useSettled } from "@/ui/useSettled";
import type { RunRequest } from "./draft";
import { estimateQuery } from "./queries";

const TONES = { notice: "notice", warn: "warn", fail: "fail" } as const;

type Props = { request: RunRequest | null; start: UseMutationResult<unknown, Error, void> };

/** What the run will read and take, and the button that starts it. */
export function EstimatePanel({ request, start }: Props) {
  const settled = useSettled(request);
  const query = useQuery(estimateQuery(settled));
  const found = query.data;
  const problems = found?.problems ?? [];
  return (
    <Panel title="Estimate" className="lg:sticky lg:top-4">
      <div className="flex flex-col gap-4">
        {found && (
          <Facts
            facts={[
              [
                "Bars",
                <Known key="rows" value={found.rows} as={count} reason="what is made up is not counted before" />,
              ],
              ...(request?.kind === "backtest"
                ? []
                : ([
                    [
                      "Trials",
                      <Known key="trials" value={found.trials} as={count} reason="known when the search begins" />,
                    ],
                  ] as const)),
              ["Memory", <Memory key="memory" found={found} />],
              [
                "Time",
                <Known key="time" value={found.seconds} as={about} reason={found.seconds_reason ?? "nobody knows"} />,
              ],
            ]}
          />
        )}
        {found && found.series.length > 0 && (
          <ul aria-label="Data quality" className="flex flex-col gap-1 text-sm">
            {found.series.slice(0, 8).map((each) => (
              <li key={each.symbol} className="flex flex-wrap justify-between gap-x-3">
                <span>
                  {each.symbol}{" "}
                  <span className="text-muted tabular-nums">
                    {each.first ? `${each.first} to ${each.last}` : "not stored"}
                  </span>
                </span>
                {each.rows !== null && (
                  <StatusPill tone={each.gravity ? TONES[each.gravity] : "ok"} word={each.gravity ?? "clean"} />
                )}
              </li>
            ))}
          </ul>
        )}
        {query.error ? <ProblemNote error={query.error} /> : null}
        {problems.length > 0 && (
          <ul role="alert" className="flex flex-col gap-1 rounded-md border border-warn p-3 text-sm">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        {start.error ? <ProblemNote error={start.error} /> : null}
        <Button
          type="submit"
          look="primary"
          disabled={start.isPending || !request}
          why={problems.length ? "See what is missing above" : undefined}
        >
          {start.isPending ? "Sent, waiting for the answer" : "Start"}
        </Button>
        <p className="text-muted text-sm">It runs on the server: this page may be closed.</p>
      </div>
    </Panel>
  );
}

type Estimate = components["schemas"]["RunEstimate"];

function Memory({ found }: { found: Estimate }) {
  if (found.memory_bytes === null) return <Missing reason="the bars are not known before" />;
  return (
    <span className="flex flex-wrap gap-x-2">
      {bytes(found.memory_bytes)}
      {found.free_bytes !== null && <span className="text-muted">of {bytes(found.free_bytes)} free</span>}
      {found.fits === false && <StatusPill tone="warn" word="does not fit" />}
    </span>
  );
}

function Known({ value, as, reason }: { value: number | null; as: (value: number) => string; reason: string }) {
  if (value === null) return <Missing reason={reason} />;
  return <span className="tabular-nums">{as(value)}</span>;
}

const count = (value: number): string => decimal(value, 0);
const about = (value: number): string => `about ${duration(Math.max(1, value))}`;
