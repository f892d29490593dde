import { useQuery } from "@tanstack/react-query";
import { ordersQuery } from "@/api/holdings";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { OrdersTable } from "@/ui/OrdersTable";
import { PageHead } from "@/ui/PageHead";

const EVERY_MS = 5_000;

/** What is open? */
export function OrdersPage() {
  const query = useQuery({ ...ordersQuery(), refetchInterval: EVERY_MS });
  return (
    <>
      <PageHead title="Orders" lead="Orders that are open, as accounts and sessions last said; unknown ones first." />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="orders" title="No order is open">
              No session of this machine that has not ended has an order open.
            </EmptyState>
          ) : (
            <OrdersTable caption="Open orders, unknown ones first" orders={page.items} total={page.total} />
          )
        }
      </Loaded>
    </>
  );
}
