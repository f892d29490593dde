import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Missing } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { Tiles, VerdictLine } from "@/ui/Tiles";
import { StateMark } from "@/ui/TrustBar";
import type { ChangeSearch } from "../detail/RunPage";
import type { RunSearch } from "../detail/search";
import { type RunDetail, type SearchView, searchQuery } from "../queries";
import { TrialLines } from "./TrialLines";
import { TrialMap } from "./TrialMap";
import { Trials } from "./Trials";
import { Warnings } from "./Warnings";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

/** A plateau, or luck? */
export function SearchPart({ run, search, change }: Props) {
  const query = useQuery(searchQuery(run.id));
  return (
    <Loaded query={query} rows={12} waitingFor="the trials of the search">
      {(view) => (
        <div className="flex min-w-0 flex-col gap-5">
          <TrialMap run={run} view={view} search={search} change={change} />
          {view.neighbours && (
            <p>
              <StateMark state={view.neighbours.state} />
              {view.neighbours.sentence}
            </p>
          )}
          <TrialLines run={run} search={search} change={change} />
          <Trials run={run} view={view} search={search} change={change} />
          <Luck view={view} />
        </div>
      )}
    </Loaded>
  );
}

/** The best, and in the same row what must stand beside it. */
export function SearchHead({ run }: { run: RunDetail }) {
  const query = useQuery(searchQuery(run.id));
  return (
    <Loaded query={query} rows={3} waitingFor="the search">
      {(view) => (
        <section aria-label="Search" className="flex flex-col gap-2">
          <Tiles label="Best of the search" tiles={view.tiles} unreliable={view.verdict?.state === "fail"} />
          {view.verdict && <VerdictLine verdict={view.verdict} />}
          <p className="text-muted text-sm">
            {view.work}
            {view.best && (
              <>
                {" "}
                · best: <code>{view.best.text}</code>
              </>
            )}
          </p>
        </section>
      )}
    </Loaded>
  );
}

type Row = SearchView["luck"][number];

const LUCK: Column<Row>[] = [
  { key: "label", header: "Number", card: "title", cell: (row) => row.label },
  {
    key: "value",
    header: "Value",
    align: "right",
    card: "title",
    cell: (row) => (row.reason ? <Missing reason={row.reason} /> : row.text),
  },
  { key: "meaning", header: "What it says", card: "title", cell: (row) => row.meaning },
];

function Luck({ view }: { view: SearchView }) {
  return (
    <Panel title="How likely the best is luck">
      <div className="flex flex-col gap-4">
        <Warnings warnings={view.warnings} />
        <DataTable caption="Numbers about luck" columns={LUCK} rows={view.luck} rowKey={(row) => row.key} />
      </div>
    </Panel>
  );
}

/** From a search to the test of it. */
export function WalkFromHere({ run }: { run: RunDetail }) {
  return (
    <Link to="/runs/new" search={{ like: run.id, kind: "walk_forward" }} className={buttonClass("primary")}>
      Walk forward from here
    </Link>
  );
}
