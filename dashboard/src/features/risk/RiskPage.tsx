import { queryOptions, useQuery } from "@tanstack/react-query";
import { client } from "@/api/client";
import { controlsQuery } from "@/api/controls";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import type { Control } from "@/api/types";
import { decimal } from "@/format/decimal";
import { percent } from "@/format/percent";
import { ControlActs } from "@/ui/ControlActs";
import { controlState } from "@/ui/controlWords";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";

type Preset = components["schemas"]["RiskPreset"];

const EVERY_MS = 5_000;
const OFF = "This preset leaves the limit off.";

const limitsQuery = () =>
  queryOptions({
    queryKey: keys.limits(),
    queryFn: ({ signal }) => answer(client.GET("/v1/risk/limits", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

const share = (key: string, header: string, of: (preset: Preset) => number | null): Column<Preset> => ({
  key,
  header,
  align: "right",
  cell: (preset) => <Num value={of(preset)} as={percent} reason={OFF} />,
});

const LIMITS: readonly Column<Preset>[] = [
  { key: "name", header: "Preset", card: "title", cell: ({ name }) => <span className="font-medium">{name}</span> },
  share("risk", "Risk per trade", ({ risk_per_trade }) => risk_per_trade),
  share("deployed", "Deployed", ({ deployed }) => deployed),
  {
    key: "positions",
    header: "Positions",
    align: "right",
    cell: ({ positions }) => <Num value={positions} as={(count) => decimal(count, 0)} reason={OFF} />,
  },
  share("day", "Day loss, pauses", ({ day_loss }) => day_loss),
  share("drawdown", "Drawdown, halts", ({ drawdown }) => drawdown),
];

function State({ control }: { control: Control }) {
  const [tone, word] = controlState(control);
  return <StatusPill tone={tone} word={word} />;
}

const CONTROLS: readonly Column<Control>[] = [
  {
    key: "account",
    header: "Account",
    card: "title",
    cell: ({ account, mode }) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        <ModeBadge mode={mode} />
        <span className="font-medium">{account}</span>
      </span>
    ),
  },
  { key: "state", header: "State", cell: (control) => <State control={control} /> },
  { key: "who", header: "By", cell: ({ who }) => who || "–" },
  { key: "reason", header: "Reason", cell: ({ reason, problem }) => problem ?? (reason || "–") },
  {
    key: "acts",
    header: "Acts",
    quiet: true,
    align: "right",
    cell: ({ account, latched, halted }) => (
      <ControlActs name={account} subject={{ account }} isHalted={latched || halted} />
    ),
  },
];

/** How near to a limit, and what is blocked? */
export function RiskPage() {
  const controls = useQuery({ ...controlsQuery(), refetchInterval: EVERY_MS });
  const limits = useQuery(limitsQuery());
  return (
    <>
      <PageHead
        title="Risk"
        lead="What blocks trading on this machine, and the limits that sessions are started with."
      />
      <Panel title="Accounts">
        <Loaded query={controls}>
          {(page) =>
            page.total === 0 ? (
              <EmptyState icon="risk" title="No account trades here">
                An account appears with its first paper or live session.
              </EmptyState>
            ) : (
              <DataTable caption="Accounts" columns={CONTROLS} rows={page.items} rowKey={({ account }) => account} />
            )
          }
        </Loaded>
        <p className="mt-3 text-muted text-sm">
          Blocking new orders is one click behind Stop. Arming again takes an admin, the typed name and a reason; at the
          host, <code>tradewright rearm</code>.
        </p>
      </Panel>
      <Panel title="Presets" note="shares of equity">
        <Loaded query={limits}>
          {(presets) => (
            <DataTable caption="Presets of limits" columns={LIMITS} rows={presets} rowKey={({ name }) => name} />
          )}
        </Loaded>
      </Panel>
    </>
  );
}
