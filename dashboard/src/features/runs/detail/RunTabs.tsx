import { Link } from "@tanstack/react-router";
import type { RunDetail } from "../queries";
import { ConfigTab } from "./ConfigTab";
import { LogTab } from "./LogTab";
import { OrdersTab } from "./OrdersTab";
import type { ChangeSearch } from "./RunPage";
import { StatisticsTab } from "./StatisticsTab";
import { type RunSearch, TABS, type Tab } from "./search";
import { TradesTab } from "./TradesTab";

const WORDS: Record<Tab, string> = {
  trades: "Trades",
  orders: "Orders and fills",
  statistics: "Statistics",
  log: "Log",
  config: "Config and hashes",
};

/** The parts of a run, one at a time. */
export function Tabs({ run, tab }: { run: RunDetail; tab: Tab }) {
  const counts: Partial<Record<Tab, number | undefined>> = {
    trades: run.tables.trades,
    orders: run.tables.orders,
    log: run.tables.logs,
  };
  return (
    <nav aria-label="Parts of the run" className="relative overflow-x-auto border-line border-b">
      <ul className="flex gap-1">
        {TABS.map((each) => (
          <li key={each}>
            <Link
              from="/runs/$runId"
              to="."
              search={(known) => ({ ...known, tab: each, page: undefined, sort: undefined })}
              replace
              resetScroll={false}
              aria-current={each === tab ? "page" : undefined}
              className={`target flex items-center gap-1.5 whitespace-nowrap border-b-2 px-3 ${each === tab ? "border-accent font-semibold" : "border-transparent text-muted hover:text-text"}`}
            >
              {WORDS[each]}
              {counts[each] !== undefined && (
                <span className="text-muted text-sm tabular-nums">{counts[each]?.toLocaleString("en-US")}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export type PartProps = { run: RunDetail; search: RunSearch; change: ChangeSearch };

/** The part that the address names. */
export function TabPart({ run, search, change }: PartProps) {
  const tab = search.tab ?? "trades";
  if (tab === "orders") return <OrdersTab run={run} search={search} change={change} />;
  if (tab === "statistics") return <StatisticsTab run={run} />;
  if (tab === "log") return <LogTab run={run} search={search} change={change} />;
  if (tab === "config") return <ConfigTab run={run} />;
  return <TradesTab run={run} search={search} change={change} />;
}
