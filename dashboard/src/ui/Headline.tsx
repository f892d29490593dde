import { type Metric, MetricText } from "./MetricText";

type Props = {
  metrics: readonly Metric[];
  /** Why the numbers cannot be relied on, or null where they can. */
  unreliable: string | null;
};

/** The numbers that a result is introduced with; under a failed check they keep their value and lose their authority. */
export function Headline({ metrics, unreliable }: Props) {
  return (
    <section aria-label="Headline" className="flex flex-col gap-1">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        {metrics.map((metric, index) => (
          <div key={metric.key} className="min-w-24">
            <dt className="text-muted text-sm">{metric.label}</dt>
            <dd
              className={`whitespace-nowrap font-semibold ${index ? "text-xl leading-9" : "text-2xl leading-9"} ${unreliable ? "unreliable" : ""}`}
            >
              <MetricText metric={metric} arrow />
            </dd>
          </div>
        ))}
      </dl>
      {unreliable && (
        <p className="text-danger text-sm">
          <strong>✕ unreliable</strong> <span className="text-text">{unreliable}</span>
        </p>
      )}
    </section>
  );
}
