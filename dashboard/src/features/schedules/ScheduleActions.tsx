import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Button, buttonClass } from "@/ui/Button";
import { DangerDialog } from "@/ui/DangerDialog";
import { ProblemNote } from "@/ui/ProblemNote";
import { useWhyNot } from "@/ui/useWhyNot";
import { pauseSchedule, removeSchedule, runSchedule, type Schedule } from "./queries";
import { DECLARED } from "./words";

type Props = {
  schedule: Schedule;
  /** The page is of this one alone: here it can be taken away, and the page is left then. */
  isAlone?: boolean;
};

/** Pause or resume it, begin it now; on its own page, take it away. */
export function ScheduleActions({ schedule, isAlone = false }: Props) {
  const { id, name, declared } = schedule;
  const isPaused = schedule.paused_at !== null;
  const [isLeaving, setLeaving] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const why = useWhyNot("trader", "The server does not answer.");
  const anew = () => queries.invalidateQueries({ queryKey: keys.schedules() });
  const pause = useMutation({ mutationFn: () => pauseSchedule(id, !isPaused), onSettled: anew });
  const run = useMutation({
    mutationFn: () => runSchedule(id),
    onSuccess: async ({ id: jobId }) => {
      await anew();
      await navigate({ to: "/jobs/$jobId", params: { jobId } });
    },
  });
  const error = pause.error ?? run.error;
  return (
    <span className="flex flex-wrap gap-2">
      <Button
        why={why}
        disabled={pause.isPending}
        aria-label={`${isPaused ? "Resume" : "Pause"} ${name}`}
        onClick={() => pause.mutate()}
      >
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button why={why} disabled={run.isPending} aria-label={`Run now: ${name}`} onClick={() => run.mutate()}>
        Run now
      </Button>
      {isAlone && !declared && (
        <Link to="/schedules/$scheduleId/edit" params={{ scheduleId: id }} className={buttonClass()}>
          Edit
        </Link>
      )}
      {isAlone && (
        <Button
          why={why ?? (declared ? DECLARED : undefined)}
          aria-label={`Remove ${name}…`}
          onClick={() => setLeaving(true)}
        >
          Remove…
        </Button>
      )}
      {error && <ProblemNote error={error} />}
      {isLeaving && (
        <DangerDialog
          title={`Remove the schedule ${name}`}
          name={name}
          verb="Remove 1 schedule"
          onClose={() => setLeaving(false)}
          onConfirm={async () => {
            await removeSchedule(id);
            await navigate({ to: "/schedules" });
            await anew();
          }}
        >
          <p>Nothing begins by it any more. Jobs that it began go on, and their records stay.</p>
        </DangerDialog>
      )}
    </span>
  );
}
