import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import type { Reducer } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { duration } from "@/format/duration";
import { buttonClass } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { Facts } from "@/ui/Facts";
import { KINDS } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { PagedTable } from "@/ui/PagedTable";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";
import { askedAgain, type Firing, firingsQuery, type Schedule, scheduleQuery } from "./queries";
import { ScheduleActions } from "./ScheduleActions";
import { CAUSES, Due, MISSED, Next, Outcome, Standing } from "./words";

const route = getRouteApi("/shell/schedules/$scheduleId");

const asksAgain: Reducer<Schedule> = () => null;

/** When does it begin next, and what became of its last times? */
export function SchedulePage() {
  const { scheduleId } = route.useParams();
  const query = useQuery({ ...scheduleQuery(scheduleId), refetchInterval: usePoll() });
  useTopic("schedules", keys.schedules(), asksAgain);
  return (
    <Loaded query={query} rows={8}>
      {(schedule) => (
        <div className="flex min-w-0 flex-col gap-5">
          <PageHead
            title={schedule.name}
            badge={<Standing schedule={schedule} />}
            lead={
              <>
                {KINDS[schedule.kind]}, due <Next schedule={schedule} />
              </>
            }
            actions={
              <Link to="/schedules" className={buttonClass()}>
                All schedules
              </Link>
            }
          />
          <ScheduleActions schedule={schedule} isAlone />
          <Panel title="About">
            <Facts facts={factsOf(schedule)} />
          </Panel>
          <Firings id={schedule.id} />
        </div>
      )}
    </Loaded>
  );
}

function factsOf(schedule: Schedule) {
  return [
    ["When", <Due key="w" schedule={schedule} />],
    [
      "Missed times",
      `${MISSED[schedule.missed]}${schedule.missed === "all" ? `, the latest ${schedule.most} at most` : ""}`,
    ],
    ["In time until", `${duration(schedule.grace_s)} after it is due`],
    ["Whose jobs they are", schedule.owner],
    ["Made", <When key="m" at={schedule.created_at} />],
    ["Changed", schedule.changed_at ? <When key="c" at={schedule.changed_at} /> : "never"],
    ["Stands in", schedule.declared ? "the settings" : "the control room"],
    ["Request", <code key="r">{JSON.stringify(schedule.request)}</code>],
  ] as const;
}

function Firings({ id }: { id: string }) {
  const { page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const poll = usePoll();
  const query = useQuery({
    ...firingsQuery(id, page),
    refetchInterval: ({ state }) => askedAgain(state.data?.items, poll),
  });
  return (
    <Panel title="Its times" note="the latest first">
      <Loaded query={query} rows={4}>
        {(found) =>
          found.total ? (
            <PagedTable
              caption="What became of its times, the latest first"
              found={found}
              columns={COLUMNS}
              rowKey={({ due_at, cause }) => `${due_at} ${cause}`}
              onPage={(to) => navigate({ search: to > 1 ? { page: to } : {} })}
            />
          ) : (
            <p className="text-muted">No time of it has come yet.</p>
          )
        }
      </Loaded>
    </Panel>
  );
}

const COLUMNS: readonly Column<Firing>[] = [
  { key: "due", header: "Due", card: "title", cell: ({ due_at }) => <When at={due_at} /> },
  { key: "became", header: "What became of it", card: "title", cell: (each) => <Outcome firing={each} /> },
  { key: "cause", header: "Why", cell: ({ cause, state }) => (state === "skipped" ? "" : CAUSES[cause]) },
  { key: "error", header: "Error", quiet: true, card: "wide", cell: ({ error }) => error },
];
