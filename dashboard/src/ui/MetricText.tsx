/** A metric as the server states it: its number, the text for it, and the reason where there is none. */
export type Metric = {
  key: string;
  label: string;
  group: string;
  unit: string;
  value: number | null;
  text: string;
  reason: string | null;
};

/** Whether the sign of a metric is a gain or a loss. */
export function isChange(unit: string): boolean {
  return unit.endsWith("a change");
}

/** Gain or loss as colour, the second cue beside sign and arrow. */
export function toneOf(value: number | null, unit: string): "" | "text-gain" | "text-loss" {
  if (value === null || value === 0 || !isChange(unit)) return "";
  return value > 0 ? "text-gain" : "text-loss";
}

/** A metric's text as the server wrote it; what is undefined says why. */
export function MetricText({ metric, arrow = false }: { metric: Metric | undefined; arrow?: boolean }) {
  if (!metric) return <Missing reason="it was not kept with the run" />;
  if (metric.value === null) return <Missing reason={metric.reason ?? "it is undefined"} />;
  const tone = toneOf(metric.value, metric.unit);
  return (
    <span className={`whitespace-nowrap tabular-nums ${tone}`} title={String(metric.value)}>
      {metric.text}
      {arrow && tone && <span aria-hidden="true">{metric.value > 0 ? " ▲" : " ▼"}</span>}
    </span>
  );
}

/** What stands where there is no number, with the reason on hover and for screen readers. */
export function Missing({ reason }: { reason: string }) {
  return (
    <span className="text-muted" title={`Not available: ${reason}`}>
      n/a<span className="sr-only">, because {reason}</span>
    </span>
  );
}
