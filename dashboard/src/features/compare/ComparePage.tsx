import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { ChooseRuns } from "./ChooseRuns";
import { Compared } from "./Compared";
import { comparisonQuery } from "./queries";
import { idsOf, withBase } from "./search";

const route = getRouteApi("/shell/compare");
const MOST = 8;

/** What differs, and does it matter? */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const ids = idsOf(search.ids);
  const isTooMany = ids.length > MOST;
  const query = useQuery(comparisonQuery(isTooMany ? [] : ids, search.all ?? false));
  const go = (next: string) =>
    navigate({ search: (known) => ({ ...known, ids: next || undefined }), resetScroll: false });
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title="Compare"
        lead={ids.length > 1 ? "What differs, and whether it matters." : "Choose 2 to 8 runs."}
        actions={
          ids.length > 1 && (
            <Button
              aria-pressed={search.all ?? false}
              onClick={() =>
                navigate({ search: (known) => ({ ...known, all: known.all ? undefined : true }), resetScroll: false })
              }
            >
              {search.all ? "Only what differs" : "Show everything"}
            </Button>
          )
        }
      />
      {isTooMany && (
        <p role="status" className="rounded-md border border-warn p-3">
          At most {MOST} runs are compared, and {ids.length} are chosen: take {ids.length - MOST} away.
        </p>
      )}
      <ChooseRuns ids={ids} onChange={(next) => go(next.join(","))} isOpen={ids.length < 2 || isTooMany} />
      {ids.length > 1 && !isTooMany && (
        <Loaded query={query} rows={10} waitingFor="the runs to be read">
          {(found) => (
            <Compared
              found={found}
              onBase={(id) =>
                go(
                  withBase(
                    found.runs.map((run) => run.id),
                    id,
                  ),
                )
              }
              onLeave={(id) =>
                go(
                  found.runs
                    .map((run) => run.id)
                    .filter((each) => each !== id)
                    .join(","),
                )
              }
            />
          )}
        </Loaded>
      )}
    </div>
  );
}
