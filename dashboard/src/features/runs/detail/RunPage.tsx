import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Headline } from "@/ui/Headline";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { PageHead } from "@/ui/PageHead";
import { TrustBar } from "@/ui/TrustBar";
import { LabelForm } from "../label/LabelForm";
import { type RunDetail, runQuery } from "../queries";
import { SearchHead, SearchPart } from "../study/SearchPart";
import { StudyParts } from "../study/StudyParts";
import { WalkHead, WalkPart } from "../study/WalkPart";
import { OtherCosts } from "./OtherCosts";
import { RunActions, RunLead } from "./RunActions";
import { RunChart } from "./RunChart";
import { type PartProps, TabPart, Tabs } from "./RunTabs";
import type { RunSearch } from "./search";

const route = getRouteApi("/shell/runs/$runId");

/** How the parts of a run change its address. */
export type ChangeSearch = (part: Partial<RunSearch>) => void;

/** Does it work, and can I believe it? */
export function RunPage() {
  const { runId } = route.useParams();
  const query = useQuery(runQuery(runId));
  return (
    <Loaded query={query} rows={10} waitingFor="the run to be read">
      {(run) => <Run key={run.id} run={run} />}
    </Loaded>
  );
}

function Run({ run }: { run: RunDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isEdited, setEdited] = useState(false);
  const change: ChangeSearch = (part) =>
    navigate({ search: (known) => ({ ...known, ...part }), replace: true, resetScroll: false });
  const title = run.name ?? run.strategy;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title={title}
        documentTitle={`${title} ${run.short_id}`}
        badge={<ModeBadge mode={BADGES[run.kind] ?? run.kind} />}
        lead={<RunLead run={run} />}
        actions={<RunActions run={run} onEdit={() => setEdited(true)} />}
      />
      {isEdited && <LabelForm run={run} onClose={() => setEdited(false)} />}
      <Body run={run} search={search} change={change} />
    </div>
  );
}

const BADGES: Record<string, string> = { backtest: "BACKTEST", optimize: "SEARCH", walk_forward: "WALK-FORWARD" };

function Body(props: PartProps) {
  const { run, search, change } = props;
  if (run.search && search.part !== "best" && !search.tab && !search.trade) {
    return (
      <>
        <SearchHead run={run} />
        <TrustBar chips={run.trust} />
        <StudyParts run={run} part="trials" />
        <SearchPart run={run} search={search} change={change} />
      </>
    );
  }
  return (
    <>
      {run.search && <SearchHead run={run} />}
      {run.search && <StudyParts run={run} part="best" />}
      {run.walk_forward ? (
        <WalkHead run={run} />
      ) : (
        <Headline
          metrics={run.headline.filter((metric) => metric.key !== "deflated_sharpe")}
          unreliable={unreliableBecause(run)}
        />
      )}
      <TrustBar chips={run.trust} />
      <RunChart run={run} search={search} change={change} />
      {run.walk_forward && <WalkPart run={run} />}
      <OtherCosts run={run} />
      <Tabs run={run} tab={search.tab ?? "trades"} />
      <div className="min-w-0">
        <TabPart run={run} search={search} change={change} />
      </div>
    </>
  );
}

/** What the failing trust states say, or null where none fails. */
function unreliableBecause(run: RunDetail): string | null {
  if (run.verdict.state !== "unreliable") return null;
  const failing = run.trust.filter((chip) => chip.state === "fail");
  return failing.map((chip) => `${chip.label}: ${chip.sentence}`).join(" ") || run.verdict.sentence;
}
