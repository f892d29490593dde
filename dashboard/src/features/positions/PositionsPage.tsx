import { useQuery } from "@tanstack/react-query";
import { positionsQuery } from "@/api/holdings";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { PositionsTable } from "@/ui/PositionsTable";

const EVERY_MS = 5_000;

/** What do I hold? */
export function PositionsPage() {
  const query = useQuery({ ...positionsQuery(), refetchInterval: EVERY_MS });
  return (
    <>
      <PageHead title="Positions" lead="What sessions that have not ended hold, as each last said." />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="positions" title="Nothing is held">
              No session of this machine that has not ended holds a position.
            </EmptyState>
          ) : (
            <PositionsTable caption="Positions by account" positions={page.items} total={page.total} />
          )
        }
      </Loaded>
    </>
  );
}
