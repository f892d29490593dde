import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { flatten, type LimitsName, rearm, type Subject } from "@/api/acts";
import { keys } from "@/api/keys";
import { Button } from "./Button";
import { SelectField } from "./Field";
import { ReviewDialog } from "./ReviewDialog";
import { useWhyNot } from "./useWhyNot";

const LIMITS = [
  ["", "those it had"],
  ["cautious", "cautious"],
  ["standard", "standard"],
  ["bold", "bold"],
] as const;

type Props = { name: string; subject: Subject; isHalted: boolean };

/** What is done to an account after its new orders are blocked: close all it holds, and arm it again. */
export function ControlActs({ name, subject, isHalted }: Props) {
  const [review, open] = useState<"flatten" | "rearm" | null>(null);
  const trader = useWhyNot("trader");
  const admin = useWhyNot("admin");
  return (
    <span className="flex flex-wrap gap-2">
      <Button why={trader} onClick={() => open("flatten")}>
        Close all…<span className="sr-only"> of {name}</span>
      </Button>
      {isHalted && (
        <Button why={admin} onClick={() => open("rearm")}>
          Re-arm…<span className="sr-only"> {name}</span>
        </Button>
      )}
      {review === "flatten" && <Flatten name={name} subject={subject} onClose={() => open(null)} />}
      {review === "rearm" && <Rearm name={name} subject={subject} onClose={() => open(null)} />}
    </span>
  );
}

type ReviewProps = { name: string; subject: Subject; onClose: () => void };

function Flatten({ name, subject, onClose }: ReviewProps) {
  const anew = useAnew();
  return (
    <ReviewDialog
      title={`Close all of ${name}`}
      ask={{ action: "flatten", ...subject }}
      act={(confirmed) => flatten(subject, confirmed).finally(anew)}
      onClose={onClose}
    />
  );
}

function Rearm({ name, subject, onClose }: ReviewProps) {
  const anew = useAnew();
  const [limits, setLimits] = useState<LimitsName | null>(null);
  return (
    <ReviewDialog
      key={limits}
      title={`Re-arm ${name}`}
      ask={{ action: "rearm", ...subject, limits }}
      act={(confirmed) => rearm(subject, limits, confirmed).finally(anew)}
      onClose={onClose}
    >
      <SelectField
        label="Limits from now on"
        value={limits ?? ""}
        options={LIMITS}
        onChange={(event) => setLimits((event.target.value || null) as LimitsName | null)}
      />
    </ReviewDialog>
  );
}

/** Whatever came of an act, what shows accounts, orders and positions asks anew. */
function useAnew(): () => Promise<unknown> {
  const queries = useQueryClient();
  const stale = [keys.controls(), keys.positions(), keys.orders(), keys.sessions.all()];
  return () => Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
