import { percent } from "@/format/percent";
import { Missing } from "./MetricText";

/** The return of a month, a fraction; null where it has none. */
export type Month = { year: number; month: number; value: number | null };

/** The return of a year, as the server computed it. */
export type Year = { year: number; value: number | null };

const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type Props = { months: readonly Month[]; years: readonly Year[] };

/** Returns by month and year as a table; depth of colour follows the size, sign and number tell the same. */
export function MonthlyGrid({ months, years }: Props) {
  const most = Math.max(0.0001, ...months.map(({ value }) => Math.abs(value ?? 0)));
  const byKey = new Map(months.map((each) => [`${each.year} ${each.month}`, each.value]));
  return (
    <section
      className="relative overflow-x-auto"
      aria-label="Months by year"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
    >
      <table className="w-full min-w-xl border-separate border-spacing-0.5 text-right text-sm">
        <caption className="sr-only">Returns by month, in percent</caption>
        <thead>
          <tr className="text-muted">
            <th scope="col" className="text-left font-medium">
              Year
            </th>
            {NAMES.map((name) => (
              <th key={name} scope="col" className="px-1 font-medium">
                {name}
              </th>
            ))}
            <th scope="col" className="px-1 font-medium">
              Year
            </th>
          </tr>
        </thead>
        <tbody>
          {years.map(({ year, value }) => (
            <tr key={year}>
              <th scope="row" className="text-left font-medium">
                {year}
              </th>
              {NAMES.map((name, index) => (
                <MonthCell key={name} value={byKey.get(`${year} ${index + 1}`)} most={most} />
              ))}
              <td className="px-1 font-semibold">{percentOr(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function percentOr(value: number | null | undefined) {
  return value == null ? (
    <Missing reason="the month has no return" />
  ) : (
    percent(value, { sign: true }).replace(" %", "")
  );
}

function MonthCell({ value, most }: { value: number | null | undefined; most: number }) {
  if (value === undefined) return <td />;
  const share = Math.round((Math.abs(value ?? 0) / most) * 40);
  const color = (value ?? 0) < 0 ? "loss" : "gain";
  return (
    <td
      className="rounded-sm px-1 py-0.5"
      style={{ background: value ? `color-mix(in srgb, var(--color-${color}) ${share}%, transparent)` : undefined }}
    >
      {percentOr(value)}
    </td>
  );
}
