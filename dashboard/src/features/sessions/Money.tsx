import { money } from "@/format/money";
import { percent } from "@/format/percent";
import { Figures } from "@/ui/Figures";
import { Num } from "@/ui/Num";
import type { SessionMoney } from "./queries";

/** What it came to, as four numbers that add up, and how far it moved today. */
export function Money({ figures }: { figures: SessionMoney }) {
  const { currency, reasons } = figures;
  const amount = (value: string | null): string => money(value, currency);
  const change = (value: string | null): string => money(value, currency, { sign: true });
  return (
    <section aria-label="Money" className="flex flex-col gap-1.5">
      <Figures
        label={`Money in ${currency}`}
        figures={[
          [`Equity, ${currency}`, <Num key="equity" value={figures.equity} as={amount} />],
          ["Realised", <Num key="realised" value={figures.realised} as={change} change />],
          ["Unrealised", <Num key="unrealised" value={figures.unrealised} as={change} change />],
          ["Costs", <Num key="costs" value={figures.costs} as={amount} />],
          ["Day", <Num key="day" value={figures.day} as={change} reason={reasons.day} change />],
          ["Drawdown", <Num key="drawdown" value={figures.drawdown} as={percent} reason={reasons.drawdown} />],
        ]}
      />
      <p className="text-muted text-sm">
        Equity is the start of <Num value={figures.start} as={amount} /> with what was realised and is unrealised, less
        costs: fees, taxes and financing.
      </p>
    </section>
  );
}
