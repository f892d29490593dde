import { useQuery } from "@tanstack/react-query";
import { positionsQuery } from "@/api/holdings";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { PositionsTable } from "@/ui/PositionsTable";

const EVERY_MS = 5_000;

/** What a session holds. */
export function SessionPositions({ id }: { id: string }) {
  const query = useQuery({ ...positionsQuery(), refetchInterval: EVERY_MS });
  return (
    <Panel title="Positions">
      <Loaded query={query} rows={2}>
        {(page) => {
          const own = page.items.filter(({ session }) => session === id);
          return own.length === 0 ? (
            <EmptyState icon="positions" title="Nothing is held" />
          ) : (
            <PositionsTable caption="Positions of the session" positions={own} isOfOne />
          );
        }}
      </Loaded>
    </Panel>
  );
}
