import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { blockNewOrders, controlsQuery } from "@/api/controls";
import { keys } from "@/api/keys";
import { useAnswers } from "@/api/reach";
import type { Control } from "@/api/types";
import { Button } from "@/ui/Button";
import { ControlActs } from "@/ui/ControlActs";
import { controlState } from "@/ui/controlWords";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { modeOf } from "@/ui/modes";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";
import { useWhyNot } from "@/ui/useWhyNot";
import { type RunningSession, useRunningSessions } from "./underWay";

const EVERY_MS = 1_000;
const REASON = "Stopped from the dashboard";

/** The way to safety: how each account stands, one button that blocks every new order, then closing what is held. */
export function StopPanel({ onClose }: { onClose: () => void }) {
  const controls = useQuery({ ...controlsQuery(), refetchInterval: EVERY_MS });
  const answers = useAnswers();
  const simulated = useRunningSessions().filter(({ fills }) => fills === "simulated");
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(28rem,100vw)] flex-col gap-4 overflow-y-auto border-danger border-l-4 bg-overlay p-5 shadow-overlay"
        >
          <div className="flex items-center justify-between gap-2">
            <Dialog.Title className="font-semibold text-xl">Stop</Dialog.Title>
            <Dialog.Close asChild>
              <Button look="ghost" aria-label="Close">
                <Icon name="close" />
              </Button>
            </Dialog.Close>
          </div>
          {!answers && (
            <p role="alert" className="rounded-md border border-danger p-3">
              The server does not answer, so nothing can be stopped from here. On its machine type{" "}
              <code>tradewright kill</code>: it needs no server.
            </p>
          )}
          <Loaded query={controls}>
            {(page) =>
              page.items.length + simulated.length === 0 ? (
                <p className="text-muted">No account trades here: there is nothing to stop.</p>
              ) : (
                <>
                  {page.items.length > 0 && <Block controls={page.items} />}
                  <ul className="flex flex-col divide-y divide-line border-line border-y">
                    {page.items.map((control) => (
                      <AccountRow key={control.account} control={control} />
                    ))}
                    {simulated.map((session) => (
                      <SessionRow key={session.id} session={session} />
                    ))}
                  </ul>
                </>
              )
            }
          </Loaded>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Block({ controls }: { controls: readonly Control[] }) {
  const queries = useQueryClient();
  const why = useWhyNot("trader");
  const block = useMutation({
    mutationFn: () => blockNewOrders(REASON, null),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.controls() }),
  });
  const open = controls.filter((control) => !control.latched);
  const accounts = open.length === 1 ? "1 account" : `${open.length} accounts`;
  return (
    <>
      <p>
        Nothing new is sent{open.length > 0 && " from the moment this is answered"}. Protective exits stay; positions
        are not closed.
      </p>
      {block.error && <ProblemNote error={block.error} />}
      {open.length > 0 ? (
        <Button look="danger" why={why} disabled={block.isPending} onClick={() => block.mutate()}>
          <Icon name="stop" />
          {block.isPending ? "Sent, waiting for the answer" : `Block new orders of ${accounts}`}
        </Button>
      ) : (
        <StatusPill tone="ok" word="Every account is blocked" />
      )}
    </>
  );
}

function AccountRow({ control }: { control: Control }) {
  const [tone, word] = controlState(control);
  return (
    <li className="flex flex-col gap-1.5 py-3">
      <span className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={control.mode} />
        <span className="font-medium">{control.account}</span>
        <span className="ml-auto">
          <StatusPill tone={tone} word={word} />
        </span>
      </span>
      {(control.problem ?? control.reason) && (
        <span className="text-muted text-sm">{control.problem ?? `${control.reason} (${control.who})`}</span>
      )}
      <ControlActs
        name={control.account}
        subject={{ account: control.account }}
        isHalted={control.latched || control.halted}
      />
    </li>
  );
}

/** A session whose fills are simulated is an account of its own: no kill switch stands before it. */
function SessionRow({ session }: { session: RunningSession }) {
  return (
    <li className="flex flex-col gap-1.5 py-3">
      <span className="flex flex-wrap items-center gap-2">
        <ModeBadge mode={modeOf(session)} />
        <span className="font-medium">{session.id}</span>
        <span className="ml-auto text-muted text-sm">simulated fills</span>
      </span>
      <ControlActs name={session.id} subject={{ session_id: session.id }} isHalted={false} />
    </li>
  );
}
