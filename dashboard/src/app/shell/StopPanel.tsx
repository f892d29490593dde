import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useSession } from "@/api/auth";
import { blockNewOrders, controlsQuery } from "@/api/controls";
import { keys } from "@/api/keys";
import { useAnswers } from "@/api/reach";
import type { Control } from "@/api/types";
import { Button } from "@/ui/Button";
import { controlState } from "@/ui/controlWords";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";

const EVERY_MS = 1_000;
const REASON = "Stopped from the dashboard";

/** The way to safety: how each account stands, and one button that blocks every new order. */
export function StopPanel({ onClose }: { onClose: () => void }) {
  const controls = useQuery({ ...controlsQuery(), refetchInterval: EVERY_MS });
  const answers = useAnswers();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(26rem,100vw)] flex-col gap-4 overflow-y-auto border-danger border-l-4 bg-overlay p-5 shadow-overlay"
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
          <Loaded query={controls}>{(page) => <Accounts controls={page.items} />}</Loaded>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Accounts({ controls }: { controls: readonly Control[] }) {
  const queries = useQueryClient();
  const role = useSession()?.user.role;
  const answers = useAnswers();
  const block = useMutation({
    mutationFn: () => blockNewOrders(REASON, null),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.controls() }),
  });
  if (controls.length === 0) return <p className="text-muted">No account trades here: there is nothing to stop.</p>;
  const open = controls.filter((control) => !control.latched);
  const accounts = open.length === 1 ? "1 account" : `${open.length} accounts`;
  const forbidden = role === "viewer" ? "This takes the role trader." : undefined;
  return (
    <>
      <p>Nothing new is sent from the moment this is answered. Protective exits stay; positions are not closed.</p>
      {block.error && <ProblemNote error={block.error} />}
      {open.length > 0 ? (
        <Button
          look="danger"
          why={answers ? forbidden : "The server does not answer."}
          disabled={block.isPending}
          onClick={() => block.mutate()}
        >
          <Icon name="stop" />
          {block.isPending ? "Sent, waiting for the answer" : `Block new orders of ${accounts}`}
        </Button>
      ) : (
        <StatusPill tone="ok" word="Every account is blocked" />
      )}
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {controls.map((control) => (
          <AccountRow key={control.account} control={control} />
        ))}
      </ul>
      <p className="text-muted text-sm">
        To trade again a person types at the host; <code>tradewright rearm</code> asks for the reason.
      </p>
    </>
  );
}

function AccountRow({ control }: { control: Control }) {
  const [tone, word] = controlState(control);
  return (
    <li className="flex flex-col gap-0.5 py-2">
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
    </li>
  );
}
