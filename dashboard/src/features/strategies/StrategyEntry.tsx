import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Panel } from "@/ui/Panel";
import { useWhyNot } from "@/ui/useWhyNot";
import type { StrategyDetail } from "./queries";

type Param = StrategyDetail["params"][number];

const Editor = lazy(() => import("./edit/StrategyEditor").then((each) => ({ default: each.StrategyEditor })));
const SHIPPED = "It is an example that came with the package; a strategies.yaml of your own can be changed here.";

/** The parameters as the catalogue says them, and the way to change what it says. */
export function StrategyEntry({ strategy }: { strategy: StrategyDetail }) {
  const [isOpen, setOpen] = useState(false);
  const mayNot = useWhyNot("trader", "The server does not answer.");
  return (
    <Panel
      title={isOpen ? "Change its entry" : "Parameters"}
      className="lg:col-span-2"
      actions={
        !isOpen && (
          <Button why={strategy.changeable ? mayNot : SHIPPED} onClick={() => setOpen(true)}>
            Change
          </Button>
        )
      }
    >
      {isOpen ? (
        <Suspense fallback={<p aria-busy="true">The form comes.</p>}>
          <Editor strategy={strategy} onClose={() => setOpen(false)} />
        </Suspense>
      ) : strategy.params.length ? (
        <DataTable caption="Parameters" columns={PARAMS} rows={strategy.params} rowKey={(param) => param.name} />
      ) : (
        <p className="text-muted">It has none.</p>
      )}
    </Panel>
  );
}

const PARAMS: Column<Param>[] = [
  { key: "name", header: "Name", card: "title", cell: (param) => <code>{param.name}</code> },
  { key: "value", header: "Value", align: "right", cell: (param) => String(param.value ?? "n/a") },
  { key: "default", header: "Default", align: "right", cell: (param) => String(param.default ?? "n/a") },
  { key: "range", header: "Range", align: "right", cell: rangeOf },
  { key: "doc", header: "What it is", cell: (param) => param.doc },
];

function rangeOf(param: Param): string {
  if (param.choices) return param.choices.join(", ");
  if (param.low === null && param.high === null) return "any";
  return `${param.low ?? "…"} to ${param.high ?? "…"}`;
}
