import { useQuery } from "@tanstack/react-query";
import type { Job } from "@/api/types";
import { HeatMap } from "@/charts/HeatMap";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Tiles } from "@/ui/Tiles";
import { searchMapSoFarQuery, searchSoFarQuery } from "./queries";

/** A search while it runs: the best so far is grey, for nothing is known of luck yet. */
export function SearchSoFar({ job }: { job: Job }) {
  const isLive = !isOver(job);
  const head = useQuery(searchSoFarQuery(job.id, isLive));
  const hasMap = (head.data?.params.filter((param) => param.is_varied).length ?? 0) > 1;
  const map = useQuery({ ...searchMapSoFarQuery(job.id, isLive), enabled: hasMap });
  return (
    <section aria-label="Search so far" className="flex min-w-0 flex-col gap-4">
      <Loaded query={head} rows={3} waitingFor="the first trials">
        {(view) => <Tiles label="Best so far" tiles={view.tiles} isOpen />}
      </Loaded>
      {map.data && <HeatMap data={map.data} summary={`${map.data.sentence} It grows while the search runs.`} />}
    </section>
  );
}
