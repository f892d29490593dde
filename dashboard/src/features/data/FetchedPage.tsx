import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { decimal } from "@/format/decimal";
import { type Column, DataTable } from "@/ui/DataTable";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { type FetchedSeries, fetchQuery } from "./queries";
import { ReportHead, WAITING_MS } from "./ReportHead";
import { Source } from "./Source";

const route = getRouteApi("/shell/data/fetches/$jobId");

/** How far is it, what came, and what did not? */
export function FetchedPage() {
  const { jobId } = route.useParams();
  const poll = usePoll(true);
  const query = useQuery({
    ...fetchQuery(jobId),
    refetchInterval: ({ state }) => (state.data && isOver(state.data.job) ? false : Math.min(poll, WAITING_MS)),
  });
  useTopic(`jobs/${jobId}`, keys.data("fetch", jobId), asksAnew, "job");
  return (
    <Loaded query={query} rows={6} waitingFor="the job">
      {({ job, symbols }) => (
        <div className="flex min-w-0 flex-col gap-5">
          <ReportHead
            job={job}
            title="Fetch"
            again={{ to: "/data/fetch", word: "Fetch more" }}
            waiting="It waits for a worker or for the provider's first answer."
          />
          {symbols.length > 0 && (
            <Panel title="What came">
              <DataTable
                caption="What came of each symbol"
                columns={COLUMNS}
                rows={symbols}
                rowKey={({ symbol }) => symbol}
              />
            </Panel>
          )}
        </div>
      )}
    </Loaded>
  );
}

const whole = (value: number): string => decimal(value, 0);

const counted = (key: "came" | "new" | "revised" | "refused", header: string): Column<FetchedSeries> => ({
  key,
  header,
  align: "right",
  cell: (each) => <Num value={each[key]} as={whole} />,
});

const COLUMNS: readonly Column<FetchedSeries>[] = [
  {
    key: "symbol",
    header: "Symbol",
    card: "title",
    cell: ({ symbol, instrument }) =>
      instrument ? (
        <Link to="/data/$symbol" params={{ symbol: instrument }} className="font-medium text-accent hover:underline">
          {symbol}
        </Link>
      ) : (
        symbol
      ),
  },
  {
    key: "state",
    header: "State",
    card: "title",
    cell: ({ error, new: more, revised }) =>
      error ? (
        <StatusPill tone="fail" word="failed" />
      ) : (
        <StatusPill tone="ok" word={more || revised ? "stored" : "nothing new"} />
      ),
  },
  {
    key: "source",
    header: "From",
    cell: ({ source, synthetic }) => source && <Source synthetic={synthetic} source={source} />,
  },
  counted("came", "Came"),
  counted("new", "New"),
  counted("revised", "Revised"),
  counted("refused", "Left out"),
  {
    key: "said",
    header: "What was said",
    card: "wide",
    cell: ({ error, hint, passed_over, notes }) => [error, hint, ...passed_over, ...notes].filter(Boolean).join(" "),
  },
];
