import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "@/api/keys";
import { Problem } from "@/api/problem";
import { Button, buttonClass } from "@/ui/Button";
import { Loaded } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { useWhyNot } from "@/ui/useWhyNot";
import { changesOf, draftOf, draftOver } from "./draft";
import { changeSchedule, type Schedule, scheduleQuery } from "./queries";
import { ScheduleForm } from "./ScheduleForm";
import { DECLARED } from "./words";

const route = getRouteApi("/shell/schedules/$scheduleId/edit");

/** Have a schedule say something else. */
export function EditSchedulePage() {
  const { scheduleId } = route.useParams();
  const query = useQuery(scheduleQuery(scheduleId));
  return (
    <Loaded query={query} rows={8}>
      {(schedule) => <Editor schedule={schedule} />}
    </Loaded>
  );
}

function Editor({ schedule }: { schedule: Schedule }) {
  const [seen, setSeen] = useState(schedule);
  const [draft, setDraft] = useState(() => draftOf(schedule));
  const navigate = useNavigate();
  const queries = useQueryClient();
  const denied = useWhyNot("trader", "The server does not answer.");
  const changes = changesOf(seen, draft);
  const why =
    denied ?? (seen.declared ? DECLARED : Object.keys(changes).length ? undefined : "Nothing was changed yet.");
  const params = { scheduleId: seen.id };
  const save = useMutation({
    mutationFn: () => changeSchedule(seen.id, { ...changes, revision: seen.revision }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.schedules() });
      await navigate({ to: "/schedules/$scheduleId", params });
    },
  });
  const readAgain = async (): Promise<void> => {
    const found = await queries.fetchQuery({ ...scheduleQuery(seen.id), staleTime: 0 });
    setSeen(found);
    setDraft(draftOver(found, seen, draft));
    save.reset();
  };
  return (
    <ScheduleForm
      draft={draft}
      onDraft={setDraft}
      onSubmit={() => save.mutate()}
      verb="Save"
      why={why}
      isPending={save.isPending}
      error={save.error}
      head={
        <PageHead
          title={`Edit ${seen.name}`}
          lead="Other times count from now on; a job that runs goes on as it was begun."
        />
      }
    >
      {save.error instanceof Problem && save.error.status === 409 && <Button onClick={readAgain}>Read it again</Button>}
      <Link to="/schedules/$scheduleId" params={params} className={buttonClass()}>
        Cancel
      </Link>
    </ScheduleForm>
  );
}
