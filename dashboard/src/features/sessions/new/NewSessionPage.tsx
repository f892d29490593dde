import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type SessionRequest, startSession } from "@/api/acts";
import { keys } from "@/api/keys";
import type { Job } from "@/api/types";
import { Button } from "@/ui/Button";
import { FieldGroup } from "@/ui/FieldGroup";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { PageHead } from "@/ui/PageHead";
import { ParamForm } from "@/ui/ParamForm";
import { ProblemNote } from "@/ui/ProblemNote";
import { ReviewDialog } from "@/ui/ReviewDialog";
import { useWhyNot } from "@/ui/useWhyNot";
import { AccountFields } from "./AccountFields";
import { ApprovalPanel } from "./ApprovalPanel";
import { type Draft, firstDraft, keepDraft, requestOf } from "./draft";
import { strategiesQuery, strategyQuery } from "./queries";
import { WhatFields } from "./WhatFields";

const route = getRouteApi("/shell/sessions/new");

/** How the parts of the form change it. */
export type ChangeDraft = (part: Partial<Draft>) => void;

/** What is to trade, with what it may risk, and on whose word? */
export function NewSessionPage() {
  const query = useQuery(strategiesQuery());
  return (
    <>
      <PageHead title="New session" lead="On paper nothing is at stake; with money it is reviewed before it begins." />
      <Loaded query={query} rows={10} waitingFor="the catalogue">
        {(found) => <Form names={found.items.filter((each) => !each.error).map(({ id }) => id)} />}
      </Loaded>
    </>
  );
}

function Form({ names }: { names: readonly string[] }) {
  const search = route.useSearch();
  const [draft, setDraft] = useState(() => {
    const first = firstDraft(search);
    return names.includes(first.strategy) ? first : { ...first, strategy: names[0] ?? "" };
  });
  const [reviewed, review] = useState<SessionRequest | null>(null);
  const change: ChangeDraft = (part) => setDraft((known) => ({ ...known, ...part }));
  const strategy = useQuery(strategyQuery(draft.strategy)).data;
  const params = strategy?.params ?? [];
  const begun = useBegun(draft);
  const start = useMutation({ mutationFn: startSession, onSuccess: begun });
  const why = useWhyNot(draft.mode === "live" ? "admin" : "trader");
  const submit = (): void => {
    const request = requestOf(draft, params);
    if (draft.mode === "live") review(request);
    else start.mutate(request);
  };
  return (
    <form
      className="grid min-w-0 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !start.isPending) submit();
      }}
    >
      <div className="flex min-w-0 flex-col gap-5">
        <WhatFields names={names} about={strategy?.description} draft={draft} change={change} />
        {params.length > 0 && (
          <FieldGroup title="Parameters">
            <ParamForm params={params} typed={draft.params} onTyped={(typed) => change({ params: typed })} />
          </FieldGroup>
        )}
        <AccountFields draft={draft} change={change} />
      </div>
      <ApprovalPanel className={strategy?.class_name ?? ""} mode={draft.mode}>
        {start.error && <ProblemNote error={start.error} />}
        <Button type="submit" look={draft.mode === "live" ? "danger" : "primary"} why={why} disabled={start.isPending}>
          {start.isPending
            ? "Sent, waiting for the answer"
            : draft.mode === "live"
              ? "Review live session…"
              : "Start paper session"}
        </Button>
        <span className="flex items-center gap-2 text-muted text-sm">
          <ModeBadge mode={draft.mode} />{" "}
          {draft.mode === "live" ? "Orders are sent with money." : "No money is at stake."}
        </span>
      </ApprovalPanel>
      {reviewed && (
        <ReviewDialog
          title="Begin a live session"
          ask={{ action: "start_live", start: reviewed }}
          hasReason={false}
          act={async ({ typed, digest }) => {
            begun(await startSession({ ...reviewed, typed, digest }));
            return null;
          }}
          onClose={() => review(null)}
        />
      )}
    </form>
  );
}

/** What follows a start: the choices are kept, and the page of the session is where it begins. */
function useBegun(draft: Draft): (job: Job) => void {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  return (job) => {
    keepDraft(draft);
    void queries.invalidateQueries({ queryKey: keys.jobs.all() });
    const session = String(job.request.session ?? "");
    void navigate({ to: "/sessions/$sessionId", params: { sessionId: session }, search: { job: job.id } });
  };
}
