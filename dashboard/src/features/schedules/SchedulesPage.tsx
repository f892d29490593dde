import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import type { Reducer } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Icon } from "@/ui/Icon";
import { jobSubject, KINDS } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { When } from "@/ui/When";
import { askedAgain, type Schedule, type SchedulePage, schedulesQuery } from "./queries";
import { ScheduleActions } from "./ScheduleActions";
import { Due, MISSED, Next, Outcome, Standing } from "./words";

const route = getRouteApi("/shell/schedules");

/** A time that came, a pause or a job's end: the list is asked for anew. */
const asksAgain: Reducer<SchedulePage & { seq: number }> = () => null;

/** What begins by itself, and did it? */
export function SchedulesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const poll = usePoll();
  const query = useQuery({
    ...schedulesQuery(search),
    refetchInterval: ({ state }) =>
      askedAgain(
        state.data?.items.map(({ last }) => last),
        poll,
      ),
  });
  useTopic("schedules", keys.schedules("list"), asksAgain);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHead
        title="Schedules"
        lead="Work that begins by itself, at times that somebody named once."
        actions={<New />}
      />
      <Loaded query={query} rows={5}>
        {(found) =>
          found.total ? (
            <PagedTable
              caption="Schedules by name"
              found={found}
              columns={COLUMNS}
              rowKey={({ id }) => id}
              onPage={(page) => navigate({ search: page > 1 ? { page } : {} })}
            />
          ) : (
            <EmptyState icon="schedules" title="Nothing begins by itself yet" action={<New />}>
              Fetches, checks, archiving, reconciling and the summary of a day can begin after the close of a market or
              by the clock.
            </EmptyState>
          )
        }
      </Loaded>
    </div>
  );
}

function New() {
  return (
    <Link to="/schedules/new" className={buttonClass("primary")}>
      <Icon name="plus" /> New schedule
    </Link>
  );
}

const COLUMNS: readonly Column<Schedule>[] = [
  {
    key: "name",
    header: "Schedule",
    card: "title",
    cell: ({ id, name }) => (
      <Link to="/schedules/$scheduleId" params={{ scheduleId: id }} className="font-medium text-accent hover:underline">
        {name}
      </Link>
    ),
  },
  { key: "state", header: "State", card: "title", cell: (each) => <Standing schedule={each} /> },
  {
    key: "what",
    header: "What",
    cell: (each) => [KINDS[each.kind], jobSubject(each)].filter(Boolean).join(" · "),
  },
  { key: "when", header: "When", cell: (each) => <Due schedule={each} /> },
  { key: "next", header: "Next", cell: (each) => <Next schedule={each} /> },
  {
    key: "last",
    header: "Last",
    cell: ({ last }) => (last ? <When at={last.at} relative /> : <span className="text-muted">never</span>),
  },
  { key: "became", header: "What became of it", cell: ({ last }) => last && <Outcome firing={last} /> },
  { key: "missed", header: "Missed times", card: "hidden", cell: ({ missed }) => MISSED[missed] },
  { key: "actions", header: "Actions", quiet: true, card: "wide", cell: (each) => <ScheduleActions schedule={each} /> },
];
