import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { buttonClass } from "@/ui/Button";
import { Headline } from "@/ui/Headline";
import { Loaded } from "@/ui/Loaded";
import { ModeBadge } from "@/ui/ModeBadge";
import { PageHead } from "@/ui/PageHead";
import { TrustBar } from "@/ui/TrustBar";
import { type RunDetail, runQuery } from "../queries";
import { ConfigTab } from "./ConfigTab";
import { ExportMenu } from "./ExportMenu";
import { LogTab } from "./LogTab";
import { OrdersTab } from "./OrdersTab";
import { OtherCosts } from "./OtherCosts";
import { RunChart } from "./RunChart";
import { StatisticsTab } from "./StatisticsTab";
import { type RunSearch, TABS, type Tab } from "./search";
import { TradesTab } from "./TradesTab";

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
  const change: ChangeSearch = (part) =>
    navigate({ search: (known) => ({ ...known, ...part }), replace: true, resetScroll: false });
  const title = run.name ?? run.strategy;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title={title}
        documentTitle={`${title} ${run.short_id}`}
        badge={<ModeBadge mode={run.kind === "backtest" ? "BACKTEST" : run.kind} />}
        lead={<Lead run={run} />}
        actions={
          <>
            <ExportMenu run={run} />
            <Link to="/compare" search={{ ids: run.id }} className={buttonClass()}>
              Compare
            </Link>
            <Link to="/runs/new" search={{ like: run.id }} className={buttonClass("primary")}>
              Run again, changed
            </Link>
          </>
        }
      />
      <Headline
        metrics={run.headline.filter((metric) => metric.key !== "deflated_sharpe")}
        unreliable={unreliableBecause(run)}
      />
      <TrustBar chips={run.trust} />
      <RunChart run={run} search={search} change={change} />
      <OtherCosts run={run} />
      <Tabs run={run} tab={search.tab ?? "trades"} />
      <div className="min-w-0">
        <Part run={run} search={search} change={change} />
      </div>
    </div>
  );
}

/** What the failing trust states say, or null where none fails. */
function unreliableBecause(run: RunDetail): string | null {
  if (run.verdict.state !== "unreliable") return null;
  const failing = run.trust.filter((chip) => chip.state === "fail");
  return failing.map((chip) => `${chip.label}: ${chip.sentence}`).join(" ") || run.verdict.sentence;
}

function Lead({ run }: { run: RunDetail }) {
  return (
    <span className="flex flex-wrap gap-x-2">
      {run.name && <span>{run.strategy} ·</span>}
      <span>
        {run.symbols.slice(0, 4).join(", ")}
        {run.symbols.length > 4 && ` and ${run.symbols.length - 4} more`} {run.timeframe} ·
      </span>
      <span className="tabular-nums">
        {run.first} to {run.last} ·
      </span>
      <span>
        {run.currency} · <code>{run.short_id}</code>
      </span>
      {run.tags.map((tag) => (
        <span key={tag} className="rounded-sm border border-line px-1 text-sm">
          {tag}
        </span>
      ))}
    </span>
  );
}

const WORDS: Record<Tab, string> = {
  trades: "Trades",
  orders: "Orders and fills",
  statistics: "Statistics",
  log: "Log",
  config: "Config and hashes",
};

function Tabs({ run, tab }: { run: RunDetail; tab: Tab }) {
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

type PartProps = { run: RunDetail; search: RunSearch; change: ChangeSearch };

function Part({ run, search, change }: PartProps) {
  const tab = search.tab ?? "trades";
  if (tab === "orders") return <OrdersTab run={run} search={search} change={change} />;
  if (tab === "statistics") return <StatisticsTab run={run} />;
  if (tab === "log") return <LogTab run={run} search={search} change={change} />;
  if (tab === "config") return <ConfigTab run={run} />;
  return <TradesTab run={run} search={search} change={change} />;
}
