import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cancelOrder } from "@/api/acts";
import { keys } from "@/api/keys";
import { Button } from "./Button";
import { ReviewDialog } from "./ReviewDialog";
import { useWhyNot } from "./useWhyNot";

type Props = { id: string; what: string; protects: boolean };

/** Ask for the end of an order, after a review; what protects a position wants the typed name. */
export function CancelOrder({ id, what, protects }: Props) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const why = useWhyNot("trader");
  return (
    <>
      <Button why={why} onClick={() => setOpen(true)}>
        Cancel…<span className="sr-only"> {what}</span>
      </Button>
      {isOpen && (
        <ReviewDialog
          title={`Cancel ${what}`}
          ask={{ action: "cancel_order", order_id: id }}
          isTyped={protects}
          act={async (confirmed) => {
            const told = await cancelOrder(id, confirmed);
            await queries.invalidateQueries({ queryKey: keys.orders() });
            return told;
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
