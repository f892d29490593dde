import type { Preview } from "@/api/acts";
import { money } from "@/format/money";
import { Facts } from "./Facts";
import { Num } from "./Num";
import { When } from "./When";

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const NO_PRICE = "One of the positions has no price yet.";

/** What an act would do at this moment: on what, how much, and what it does and does not. */
export function PreviewText({ preview, hasMoved }: { preview: Preview; hasMoved: boolean }) {
  const { account, at, sentence, will, will_not, counts, notional, blocked } = preview;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {hasMoved && (
        <p role="alert" className="rounded-md border border-warn p-3 font-medium">
          It stands otherwise than when you looked: nothing was done. This is how it is now; confirm it again.
        </p>
      )}
      {blocked && (
        <p role="alert" className="rounded-md border border-danger p-3 font-medium">
          {blocked}
        </p>
      )}
      <p className="font-medium">{sentence}</p>
      <Facts
        facts={[
          ["Account", <span key="account">{account}</span>],
          ["Now", `${many(counts.positions, "position")}, ${many(counts.orders, "open order")}`],
          ["Their value", <Num key="value" value={notional} as={(value) => money(value, "")} reason={NO_PRICE} />],
          ["As of", <When key="at" at={at} seconds />],
        ]}
      />
      <Lines title="Will happen" lines={will} />
      <Lines title="Will not happen" lines={will_not} />
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <p className="font-semibold text-sm">{title}</p>
      <ul className="list-disc pl-5">
        {lines.map((line) => (
          <li key={line} className="break-words">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}
