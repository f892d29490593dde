import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "@/api/auth";
import { keys } from "@/api/keys";
import type { Alert } from "@/api/types";
import { Button } from "@/ui/Button";
import { When } from "@/ui/When";
import { type AlertPage, acknowledge, acknowledged } from "./queries";

/** Who has seen an alert, or the button that says: I have. */
export function Acknowledge({ alert }: { alert: Alert }) {
  const queries = useQueryClient();
  const user = useSession()?.user;
  const seen = useMutation({
    mutationFn: () => acknowledge(alert.id),
    onMutate: () => {
      const at = new Date().toISOString();
      const change = (page: AlertPage | undefined) => page && acknowledged(page, alert.id, user?.name ?? "", at);
      queries.setQueriesData({ queryKey: keys.alerts.all() }, change);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.alerts.all() }),
  });
  if (alert.acknowledged_at) {
    return (
      <span>
        {alert.acknowledged_by} <When at={alert.acknowledged_at} relative />
      </span>
    );
  }
  return (
    <Button
      why={user?.role === "viewer" ? "This takes the role trader." : undefined}
      disabled={seen.isPending}
      onClick={() => seen.mutate()}
    >
      Acknowledge
    </Button>
  );
}
