import { useQuery } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import { usePollOf, useTopic } from "@/api/stream/live";
import type { Job } from "@/api/types";
import { HeatMap } from "@/charts/HeatMap";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Tiles } from "@/ui/Tiles";
import { type MapSoFar, searchMapSoFarQuery, searchSoFarQuery, soFarReducer } from "./queries";

const GROWS_MS = 1_500;

/** The picture apart from how far it was: what did not change is not drawn again. */
const picture = ({ seq: _, trials: __, ...map }: MapSoFar) => map;

/** A search while it runs, as the stream tells of it: the best so far is grey, for nothing is known of luck yet. */
export function SearchSoFar({ job }: { job: Job }) {
  const poll = usePollOf();
  const refetchInterval = isOver(job) ? false : poll(GROWS_MS);
  const head = useQuery({ ...searchSoFarQuery(job.id), refetchInterval });
  const hasMap = (head.data?.params.filter((param) => param.is_varied).length ?? 0) > 1;
  const map = useQuery({ ...searchMapSoFarQuery(job.id), refetchInterval, enabled: hasMap, select: picture });
  useTopic(`jobs/${job.id}`, keys.job(job.id, "search"), soFarReducer);
  return (
    <section aria-label="Search so far" className="flex min-w-0 flex-col gap-4">
      <Loaded query={head} rows={3} waitingFor="the first trials">
        {(view) => <Tiles label="Best so far" tiles={view.tiles} isOpen />}
      </Loaded>
      {map.data && <HeatMap data={map.data} summary={`${map.data.sentence} It grows while the search runs.`} />}
    </section>
  );
}
