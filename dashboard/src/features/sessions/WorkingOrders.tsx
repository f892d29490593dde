import { useQuery } from "@tanstack/react-query";
import { ordersQuery } from "@/api/holdings";
import { OrdersTable } from "@/ui/OrdersTable";
import { Panel } from "@/ui/Panel";

const EVERY_MS = 5_000;

/** The orders of a session that are open; nothing where there is none. */
export function WorkingOrders({ id }: { id: string }) {
  const query = useQuery({ ...ordersQuery(), refetchInterval: EVERY_MS });
  const own = (query.data?.items ?? []).filter(({ session }) => session === id);
  if (own.length === 0) return null;
  return (
    <Panel title="Open orders">
      <OrdersTable caption="Open orders of the session" orders={own} isOfOne />
    </Panel>
  );
}
