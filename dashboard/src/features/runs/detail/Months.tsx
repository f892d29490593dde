import { useQuery } from "@tanstack/react-query";
import { duration } from "@/format/duration";
import { percent, points } from "@/format/percent";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { MonthlyGrid } from "@/ui/MonthlyGrid";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";
import { breakdownQuery, type RunBreakdown, type RunDetail } from "../queries";

type Drawdown = RunBreakdown["drawdowns"][number];
type Year = RunBreakdown["years"][number];

/** Returns by month and year, and the deepest drawdowns. */
export function Months({ run }: { run: RunDetail }) {
  const query = useQuery(breakdownQuery(run.id));
  return (
    <Loaded query={query} rows={8}>
      {(found) => (
        <>
          <Panel title="Returns by month" note="in percent">
            <MonthlyGrid
              months={found.months}
              years={found.years.map(({ year, strategy }) => ({ year, value: strategy }))}
            />
          </Panel>
          <div className="grid min-w-0 items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <Panel title="Years beside the benchmark">
              <DataTable
                caption="Returns by year"
                columns={YEARS}
                rows={found.years}
                rowKey={({ year }) => String(year)}
              />
            </Panel>
            <Panel title="Deepest drawdowns">
              <DataTable
                caption="Deepest drawdowns"
                columns={drawdownColumns(run.zone)}
                rows={found.drawdowns}
                rowKey={(each) => each.peak_at}
              />
            </Panel>
          </div>
        </>
      )}
    </Loaded>
  );
}

const signed = (value: number | null): string => percent(value, { sign: true });
const NO_BENCHMARK = "the run has no benchmark in that year";

const YEARS: Column<Year>[] = [
  { key: "year", header: "Year", card: "title", cell: ({ year }) => year },
  {
    key: "strategy",
    header: "Strategy",
    align: "right",
    cell: ({ strategy }) => <Num value={strategy} as={signed} change />,
  },
  {
    key: "benchmark",
    header: "Benchmark",
    align: "right",
    cell: ({ benchmark }) => <Num value={benchmark} as={signed} change reason={NO_BENCHMARK} />,
  },
  {
    key: "difference",
    header: "Difference",
    align: "right",
    cell: ({ difference }) => <Num value={difference} as={points} change reason={NO_BENCHMARK} />,
  },
];

const drawdownColumns = (zone: string): Column<Drawdown>[] => [
  {
    key: "depth",
    header: "Depth",
    align: "right",
    card: "title",
    cell: ({ depth }) => <Num value={depth} as={percent} />,
  },
  { key: "peak", header: "Peak", cell: ({ peak_at }) => <When at={peak_at} exchange={zone} /> },
  { key: "valley", header: "Valley", cell: ({ valley_at }) => <When at={valley_at} exchange={zone} /> },
  {
    key: "recovered",
    header: "Made up for",
    cell: ({ recovery_at }) =>
      recovery_at ? <When at={recovery_at} exchange={zone} /> : <span className="text-muted">not yet</span>,
  },
  { key: "length", header: "Length", align: "right", cell: ({ days }) => <Num value={days * 86_400} as={duration} /> },
];
