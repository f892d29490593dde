import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import { bps } from "@/format/percent";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import type { SessionDetail, SessionMoney } from "./queries";

const FILTER = { in_force: true, per_page: 500 } as const;

type Props = { session: SessionDetail; money: SessionMoney };

/** What was tested beside what happens: the costs that were assumed, and the evidence on which it was allowed. */
export function Drift({ session, money }: Props) {
  const approvals = useQuery({
    queryKey: keys.approvals.list(FILTER),
    queryFn: ({ signal }) => answer(client.GET("/v1/approvals", { params: { query: FILTER }, signal })),
  });
  const texts = ((session.about.strategies as { source_hash?: string }[]) ?? []).map((each) => each.source_hash);
  return (
    <Panel title="Tested against now">
      <Loaded query={approvals} rows={2}>
        {(page) => {
          const found = page.items.filter(({ strategy, verdict }) => {
            return verdict === "approved" && texts.includes(strategy.source_hash);
          });
          return (
            <Facts
              facts={[
                ["Slippage", <Slippage key="slippage" money={money} />],
                [
                  "Half spread",
                  <Num key="spread" value={money.spread_bps} as={bps} reason={money.reasons.spread_bps} />,
                ],
                ...found.map(({ number, stage, evidence, who }) => {
                  const link = <Evidence key={number} stage={stage} evidence={evidence} />;
                  return [
                    `Approved after ${stage}`,
                    <span key={number}>
                      {link} by {who}
                    </span>,
                  ] as const;
                }),
                [
                  "Decisions",
                  <span key="replay">
                    <code>tradewright replay {session.id}</code> holds each of them against the record
                  </span>,
                ],
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Slippage({ money: { slippage_bps, assumed_bps, reasons } }: { money: SessionMoney }) {
  const isWorse = slippage_bps !== null && assumed_bps !== null && slippage_bps > assumed_bps;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <span>
        <Num value={slippage_bps} as={bps} reason={reasons.slippage_bps} /> against{" "}
        <Num value={assumed_bps} as={bps} reason={reasons.assumed_bps} /> assumed
      </span>
      {isWorse && <StatusPill tone="warn" word="worse than tested" />}
    </span>
  );
}

function Evidence({ stage, evidence }: { stage: string; evidence: string }) {
  const looks = "text-accent underline";
  if (stage === "backtest") {
    return (
      <Link to="/runs/$runId" params={{ runId: evidence }} className={looks}>
        run {evidence.slice(0, 12)}
      </Link>
    );
  }
  return (
    <Link to="/sessions/$sessionId" params={{ sessionId: evidence }} className={looks}>
      session {evidence}
    </Link>
  );
}
