import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keys } from "@/api/keys";
import { Loaded, Skeleton } from "@/ui/Loaded";
import { PageHead } from "@/ui/PageHead";
import { runQuery } from "../queries";
import { CostFields } from "./CostFields";
import { DataFields } from "./DataFields";
import { type Draft, firstDraft, keepDraft, requestOf } from "./draft";
import { EstimatePanel } from "./EstimatePanel";
import { likeRun } from "./likeRun";
import { ParamFields } from "./ParamFields";
import { startRun, strategiesQuery, strategyQuery } from "./queries";
import { SearchFields } from "./SearchFields";
import { StrategyFields } from "./StrategyFields";

const route = getRouteApi("/shell/runs/new");

/** How the parts of the form change it. */
export type ChangeDraft = (part: Partial<Draft>) => void;

/** What will it cost in time and memory? */
export function NewRunPage() {
  const { like } = route.useSearch();
  const query = useQuery(strategiesQuery());
  const model = useQuery({ ...runQuery(like ?? ""), enabled: like !== undefined });
  const isReady = like === undefined || !model.isPending;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead title="New run" lead="Choose, see what it will take, start." />
      <Loaded query={query} rows={10} waitingFor="the catalogue">
        {(found) => {
          const usable = found.items.filter((each) => !each.error);
          const byClass = new Map(usable.map((each) => [each.class_name ?? "", each.id]));
          if (!isReady) return <Skeleton rows={10} waitingFor="the run to be read" />;
          return <Form names={usable.map((each) => each.id)} like={model.data ? likeRun(model.data, byClass) : {}} />;
        }}
      </Loaded>
    </div>
  );
}

function Form({ names, like }: { names: string[]; like: Partial<Draft> }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => {
    const first = { ...firstDraft(search), ...like, ...(search.kind ? { kind: search.kind } : {}) };
    return names.includes(first.strategy) ? first : { ...first, strategy: names[0] ?? "" };
  });
  const [isTouched, setTouched] = useState(false);
  const change: ChangeDraft = (part) => {
    setTouched(true);
    setDraft((known) => ({ ...known, ...part }));
  };
  const params = useQuery(strategyQuery(draft.strategy)).data?.params ?? [];
  const request = requestOf(draft, params);
  const start = useMutation({
    mutationFn: () => startRun(request),
    onSuccess: (job) => {
      keepDraft(draft);
      setTouched(false);
      queries.invalidateQueries({ queryKey: keys.jobs.all() });
      navigate({ to: "/jobs/$jobId", params: { jobId: job.id }, search: { open: "run" }, ignoreBlocker: true });
    },
  });
  useWarning(isTouched && !start.isSuccess);
  return (
    <form
      className="grid min-w-0 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!start.isPending) start.mutate();
      }}
    >
      <div className="flex min-w-0 flex-col gap-5">
        <StrategyFields names={names} draft={draft} change={change} />
        <DataFields draft={draft} change={change} replace={setDraft} />
        <ParamFields params={params} draft={draft} change={change} />
        {draft.kind !== "backtest" && <SearchFields params={params} draft={draft} change={change} />}
        <CostFields draft={draft} change={change} />
      </div>
      <EstimatePanel request={draft.strategy ? request : null} start={start} />
    </form>
  );
}

/** Closing the tab with choices that were not used is asked about. */
function useWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isOn]);
}
