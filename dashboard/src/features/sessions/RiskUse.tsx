import { decimal } from "@/format/decimal";
import { percent } from "@/format/percent";
import { Panel } from "@/ui/Panel";
import { UseBar } from "@/ui/UseBar";
import type { SessionDetail, SessionMoney } from "./queries";

type Limits = {
  name?: string;
  deployed?: number | null;
  positions?: number | null;
  day_loss?: number | null;
  drawdown?: number | null;
};
type About = { risk?: string | null; policies?: { limits?: Limits } };
type Use = { label: string; now: number | null; limit: number | null | undefined; write: (value: number) => string };

const below = (share: number | null): number | null => (share === null ? null : Math.max(0, -share));
const whole = (count: number): string => decimal(count, 0);

/** How near it is to each of its limits. */
export function RiskUse({ session, money }: { session: SessionDetail; money: SessionMoney }) {
  const { risk, policies } = session.about as About;
  const limits = policies?.limits ?? {};
  const held = (session.standing as { positions?: { quantity: number }[] } | null)?.positions ?? [];
  const uses: Use[] = [
    { label: "Day loss, pauses", now: below(money.day_share), limit: limits.day_loss, write: percent },
    { label: "Drawdown, halts", now: below(money.drawdown), limit: limits.drawdown, write: percent },
    { label: "Deployed", now: money.exposure, limit: limits.deployed, write: percent },
    { label: "Positions", now: held.filter(({ quantity }) => quantity).length, limit: limits.positions, write: whole },
  ];
  return (
    <Panel title="Risk" note={risk ? `account limits: ${risk}` : undefined}>
      <div className="flex flex-col gap-3">
        {uses.map(({ label, now, limit, write }) => (
          <UseBar
            key={label}
            label={label}
            used={now === null || !limit ? null : now / limit}
            text={`${now === null ? "n/a" : write(now)} ${limit ? `of ${write(limit)}` : "· no limit"}`}
          />
        ))}
      </div>
    </Panel>
  );
}
