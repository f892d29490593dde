import { useQuery } from "@tanstack/react-query";
import { money } from "@/format/money";
import { percent, returns } from "@/format/percent";
import { ratio } from "@/format/ratio";
import { DiffTable } from "@/ui/DiffTable";
import { Loaded } from "@/ui/Loaded";
import { MetricText } from "@/ui/MetricText";
import { Num } from "@/ui/Num";
import { breakdownQuery, type RunBreakdown, type RunDetail } from "../queries";

/** What would be left if trading had cost something else, and the cost at which nothing is. */
export function OtherCosts({ run }: { run: RunDetail }) {
  const query = useQuery(breakdownQuery(run.id));
  const even = run.metrics.find((metric) => metric.key === "break_even_bps");
  return (
    <section aria-label="Other costs" className="flex min-w-0 flex-col gap-2">
      <h2 className="font-semibold text-lg">If trading had cost something else</h2>
      <p className="text-muted text-sm">
        The same fills with their costs times a factor. Break-even: <MetricText metric={even} /> of what is traded.
      </p>
      <Loaded query={query} rows={5}>
        {(found) => <Multiples found={found} />}
      </Loaded>
    </section>
  );
}

function Multiples({ found }: { found: RunBreakdown }) {
  const { costs, currency } = found;
  const cash = (value: string) => money(value, currency);
  const heads = costs.map(({ multiple }) => (multiple === 1 ? "1× as it was" : `${multiple}×`));
  const row = (key: string, label: string, cells: React.ReactNode[]) => ({ key, label, cells, differs: true });
  return (
    <DiffTable
      caption="The run at other costs"
      heads={heads}
      align="right"
      empty=""
      rows={[
        row(
          "costs",
          `Costs ${currency}`,
          costs.map((each) => <Num key={each.multiple} value={each.costs} as={cash} />),
        ),
        row(
          "return",
          "Total return",
          costs.map((each) => <Num key={each.multiple} value={each.total_return} as={returns} change />),
        ),
        row(
          "sharpe",
          "Sharpe",
          costs.map((each) => <Num key={each.multiple} value={each.sharpe} as={ratio} reason={each.sharpe_reason} />),
        ),
        row(
          "drawdown",
          "Max drawdown",
          costs.map((each) => <Num key={each.multiple} value={each.max_drawdown} as={percent} />),
        ),
      ]}
    />
  );
}
