import { type Metric, MetricText } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import type { RunDetail } from "../queries";
import { Months } from "./Months";

/** Every metric in its group, what is undefined with its reason, and what there is to know about the result. */
export function StatisticsTab({ run }: { run: RunDetail }) {
  const groups = [...new Set(run.metrics.map((metric) => metric.group))];
  return (
    <div className="flex flex-col gap-4">
      {run.warnings.length > 0 && (
        <Panel title="To know about this result">
          <ul className="flex list-disc flex-col gap-1 pl-5">
            {run.warnings.map((warning) => (
              <li key={warning.code}>
                <span
                  className={
                    warning.severity === "notice"
                      ? "text-accent"
                      : warning.severity === "warn"
                        ? "text-warn"
                        : "text-danger"
                  }
                >
                  {warning.severity}
                </span>{" "}
                {warning.sentence}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Months run={run} />
      <div className="gap-4 md:columns-2 xl:columns-3">
        {groups.map((group) => (
          <MetricGroup key={group} group={group} metrics={run.metrics.filter((metric) => metric.group === group)} />
        ))}
      </div>
    </div>
  );
}

function MetricGroup({ group, metrics }: { group: string; metrics: readonly Metric[] }) {
  return (
    <Panel title={group} className="mb-4 break-inside-avoid">
      <dl className="flex flex-col text-sm">
        {metrics.map((metric) => (
          <div key={metric.key} className="flex justify-between gap-4 border-line border-t py-1 first:border-t-0">
            <dt className="text-muted">{metric.label}</dt>
            <dd className="text-right">
              <MetricText metric={metric} />
              {metric.value === null && metric.reason && (
                <span className="block text-muted text-xs">{metric.reason}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
