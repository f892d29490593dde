import { useQuery } from "@tanstack/react-query";
import { controlsQuery } from "@/api/controls";
import { keys } from "@/api/keys";
import type { Reducer, Snapshot } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { PageHead } from "@/ui/PageHead";
import { LatestJobs } from "./LatestJobs";
import { LatestRuns } from "./LatestRuns";
import { type Problem, Problems, problemsOf } from "./Problems";
import { latestJobs, latestRuns, latestSessions, openAlerts } from "./queries";
import { Sessions } from "./Sessions";

const MONEY_MS = 5_000;
const anew: Reducer<Snapshot> = () => null;

function lead(problems: readonly Problem[] | null): string {
  if (problems === null) return "Asking whether anything is wrong.";
  if (problems.length === 0) return "Nothing is wrong that the server knows of.";
  return problems.length === 1 ? "1 thing needs a look." : `${problems.length} things need a look.`;
}

/** Is anything wrong, and what is it worth now? */
export function OverviewPage() {
  const refetchInterval = usePoll();
  const alerts = useQuery({ ...openAlerts(), refetchInterval });
  const controls = useQuery({ ...controlsQuery(), refetchInterval: MONEY_MS });
  const sessions = useQuery({ ...latestSessions(), refetchInterval: MONEY_MS });
  const runs = useQuery({ ...latestRuns(), refetchInterval });
  const jobs = useQuery({ ...latestJobs(), refetchInterval });
  useTopic("alerts", keys.alerts.all(), anew);
  useTopic("runs", keys.runs.all(), anew);
  const known = alerts.data && controls.data && sessions.data;
  const problems = known ? problemsOf(alerts.data, controls.data, sessions.data) : null;
  return (
    <>
      <PageHead title="Overview" lead={lead(problems)} />
      {problems && problems.length > 0 && <Problems problems={problems} />}
      <Sessions query={sessions} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <LatestRuns query={runs} />
        <LatestJobs query={jobs} />
      </div>
    </>
  );
}
