import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { closePosition } from "@/api/acts";
import { keys } from "@/api/keys";
import type { Position } from "@/api/types";
import { Button } from "./Button";
import { ReviewDialog } from "./ReviewDialog";
import { useWhyNot } from "./useWhyNot";

/** Close one position, after a review. */
export function ClosePosition({ position: { id, symbol } }: { position: Position }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const why = useWhyNot("trader");
  return (
    <>
      <Button why={why} onClick={() => setOpen(true)}>
        Close…<span className="sr-only"> {symbol}</span>
      </Button>
      {isOpen && (
        <ReviewDialog
          title={`Close ${symbol}`}
          ask={{ action: "close_position", position_id: id }}
          act={async (confirmed) => {
            const told = await closePosition(id, confirmed);
            await queries.invalidateQueries({ queryKey: keys.positions() });
            return told;
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
