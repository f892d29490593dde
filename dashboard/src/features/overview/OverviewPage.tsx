import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { controlsQuery } from "@/api/controls";
import { ordersQuery } from "@/api/holdings";
import { useJobs } from "@/api/jobs";
import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { buttonClass } from "@/ui/Button";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { EquityCurve } from "./EquityCurve";
import { LatestJobs } from "./LatestJobs";
import { LatestRuns } from "./LatestRuns";
import { type Problem, Problems, problemsOf } from "./Problems";
import { LATEST, latestRuns, latestSessions, openAlerts, worthQuery } from "./queries";
import { Sessions } from "./Sessions";
import { type Worth, WorthTable } from "./WorthTable";

const [MONEY_MS, ELSE_MS] = [5_000, 10_000];

function lead(problems: readonly Problem[] | null): string {
  if (problems === null) return "Asking whether anything is wrong.";
  if (problems.length === 0) return "Nothing is wrong that the server knows of.";
  return problems.length === 1 ? "1 thing needs a look." : `${problems.length} things need a look.`;
}

/** Groups of which something runs; what has ended is worth nothing now. */
const going = ({ groups }: { groups: readonly Worth[] }): Worth[] => groups.filter(({ running }) => running > 0);

/** Is anything wrong, and what is it worth now? */
export function OverviewPage() {
  const refetchInterval = usePoll();
  const alerts = useQuery({ ...openAlerts(), refetchInterval: usePoll(true) });
  const controls = useQuery({ ...controlsQuery(), refetchInterval: MONEY_MS });
  const sessions = useQuery({ ...latestSessions(), refetchInterval: MONEY_MS });
  const orders = useQuery({ ...ordersQuery(), refetchInterval: MONEY_MS });
  const worth = useQuery({ ...worthQuery(), refetchInterval: MONEY_MS });
  const runs = useQuery({ ...latestRuns(), refetchInterval });
  const jobs = useJobs(LATEST, () => ELSE_MS);
  useTopic("alerts", keys.alerts.all(), asksAnew);
  useTopic("runs", keys.runs.all(), asksAnew);
  const isKnown = alerts.data && controls.data && sessions.data && orders.data;
  const problems = isKnown
    ? problemsOf({ alerts: alerts.data, controls: controls.data, sessions: sessions.data, orders: orders.data })
    : null;
  const currencies = [...new Set((worth.data ? going(worth.data) : []).map(({ currency }) => currency))];
  return (
    <>
      <PageHead
        title="Overview"
        lead={lead(problems)}
        actions={
          <Link to="/runs/new" className={buttonClass(problems?.length ? "plain" : "primary")}>
            New run
          </Link>
        }
      />
      {problems && problems.length > 0 && <Problems problems={problems} />}
      <Panel title="Worth now" note="sessions that go on; each mode by itself">
        <Loaded query={worth} rows={2}>
          {(summary) => <WorthTable worths={going(summary)} />}
        </Loaded>
      </Panel>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {currencies.length > 0 && <EquityCurve currencies={currencies} />}
        <Sessions query={sessions} />
        <LatestRuns query={runs} />
        <LatestJobs query={jobs} />
      </div>
    </>
  );
}
