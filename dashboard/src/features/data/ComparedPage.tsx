import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Compared } from "./Compared";
import { comparisonQuery } from "./queries";
import { ReportHead, WAITING_MS } from "./ReportHead";

const route = getRouteApi("/shell/data/comparisons/$jobId");

/** How far is it, where do the sources differ, and what explains it? */
export function ComparedPage() {
  const { jobId } = route.useParams();
  const poll = usePoll(true);
  const query = useQuery({
    ...comparisonQuery(jobId),
    refetchInterval: ({ state }) => (state.data && isOver(state.data.job) ? false : Math.min(poll, WAITING_MS)),
  });
  useTopic(`jobs/${jobId}`, keys.data("comparison", jobId), asksAnew, "job");
  return (
    <Loaded query={query} rows={6} waitingFor="the job">
      {({ job, sources, symbols }) => (
        <div className="flex min-w-0 flex-col gap-5">
          <ReportHead
            job={job}
            title={`Compare ${sources.join(" and ")}`}
            again={{ to: "/data", word: "What is stored" }}
            waiting="It waits for a worker or for the provider's first answer."
          />
          {symbols.map((each) => (
            <Compared key={each.symbol} series={each} sources={sources} />
          ))}
        </div>
      )}
    </Loaded>
  );
}
