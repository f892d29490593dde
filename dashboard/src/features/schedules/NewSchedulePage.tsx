import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { localZone } from "@/format/time";
import { PageHead } from "@/ui/PageHead";
import { useWhyNot } from "@/ui/useWhyNot";
import { firstDraft, wishOf } from "./draft";
import { addSchedule } from "./queries";
import { ScheduleForm } from "./ScheduleForm";

/** What is to begin by itself from now on. */
export function NewSchedulePage() {
  const [draft, setDraft] = useState(() => firstDraft(localZone()));
  const navigate = useNavigate();
  const queries = useQueryClient();
  const why = useWhyNot("trader", "The server does not answer.");
  const add = useMutation({
    mutationFn: () => addSchedule(wishOf(draft)),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: keys.schedules() });
      await navigate({ to: "/schedules/$scheduleId", params: { scheduleId: made.id } });
    },
  });
  return (
    <ScheduleForm
      draft={draft}
      onDraft={setDraft}
      onSubmit={() => add.mutate()}
      verb="Add the schedule"
      why={why}
      isPending={add.isPending}
      error={add.error}
      head={<PageHead title="New schedule" lead="A job that begins by itself; times before now are not missed." />}
    />
  );
}
