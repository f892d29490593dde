import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Missing } from "@/ui/MetricText";
import { Panel } from "@/ui/Panel";
import { Tiles, VerdictLine } from "@/ui/Tiles";
import { type FoldRow, foldsQuery, type RunDetail, type WalkView, walkQuery } from "../queries";
import { FoldStrip } from "./FoldStrip";
import { Steps } from "./Steps";
import { Warnings } from "./Warnings";

/** Out of sample: what came of it, and how much of training was left. */
export function WalkHead({ run }: { run: RunDetail }) {
  const query = useQuery(walkQuery(run.id));
  return (
    <Loaded query={query} rows={3} waitingFor="the walk-forward">
      {(view) => (
        <section aria-label="Walk-forward" className="flex flex-col gap-2">
          <Tiles label="Out of sample" tiles={view.tiles} unreliable={run.verdict.state === "unreliable"} />
          <VerdictLine verdict={view.verdict} />
          <p className="text-muted text-sm">{view.work}</p>
        </section>
      )}
    </Loaded>
  );
}

/** Fold by fold: where it trained and tested, what was chosen and what came of it. */
export function WalkPart({ run }: { run: RunDetail }) {
  const walk = useQuery(walkQuery(run.id));
  const folds = useQuery(foldsQuery(run.id));
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Loaded query={folds} rows={8} waitingFor="the folds">
        {(found) => (
          <Panel title="Folds" note="Trained on the shaded stretch, traded on the next">
            <div className="flex flex-col gap-4">
              <FoldStrip folds={found.items} />
              <DataTable
                caption="Folds, in order of time"
                columns={columnsOf(walk.data)}
                rows={found.items}
                rowKey={(fold) => String(fold.number)}
              />
            </div>
          </Panel>
        )}
      </Loaded>
      <Loaded query={walk} rows={4}>
        {(view) => (
          <>
            <Panel title="Parameters over the folds" note="A choice that moves as much as chance would is none">
              <DataTable
                caption="How the choice of each parameter moved"
                columns={DRIFT}
                rows={view.stability}
                rowKey={(each) => each.name}
              />
            </Panel>
            <Doubts view={view} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Doubts({ view }: { view: WalkView }) {
  if (!view.warnings.length) return null;
  return (
    <Panel title="What to know before believing it">
      <Warnings warnings={view.warnings} />
    </Panel>
  );
}

function written(key: string, header: string, align: "left" | "right" = "right"): Column<FoldRow> {
  return {
    key,
    header,
    align,
    cell: (fold) => <span className="whitespace-nowrap tabular-nums">{fold.texts[key] ?? "n/a"}</span>,
  };
}

function columnsOf(view: WalkView | undefined): Column<FoldRow>[] {
  return [
    { key: "number", header: "Fold", align: "right", card: "title", cell: (fold) => `#${fold.number}` },
    written("test", "Test", "left"),
    written("train", "Train", "left"),
    ...(view?.stability ?? []).map(({ name }) => written(name, name)),
    written("train_value", "In training"),
    written("test_value", "Out of sample"),
    written("efficiency", "Efficiency"),
    written("test_return", "Return"),
    written("trades", "Trades"),
    written("trials", "Trials"),
    {
      key: "reason",
      header: "Why nothing was chosen",
      quiet: true,
      card: "hidden",
      cell: (fold) => (fold.values.reason ? String(fold.values.reason) : null),
    },
  ];
}

type Steadiness = WalkView["stability"][number];

const DRIFT: Column<Steadiness>[] = [
  { key: "name", header: "Parameter", card: "title", cell: (each) => <code>{each.name}</code> },
  { key: "steps", header: "From fold to fold", cell: (each) => <Steps name={each.name} values={each.values} /> },
  { key: "usual", header: "Usual", align: "right", cell: (each) => each.usual },
  { key: "changes", header: "Changed", align: "right", cell: (each) => each.changes },
  {
    key: "dispersion",
    header: "Dispersion",
    align: "right",
    cell: (each) => (each.reason ? <Missing reason={each.reason} /> : each.dispersion),
  },
];
