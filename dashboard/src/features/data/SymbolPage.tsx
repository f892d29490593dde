import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { bytes } from "@/format/bytes";
import { decimal } from "@/format/decimal";
import { buttonClass } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { Panel } from "@/ui/Panel";
import { When } from "@/ui/When";
import { CompareSources } from "./CompareSources";
import { Coverage } from "./Coverage";
import { CoverageStrip } from "./CoverageStrip";
import { FindingsTable } from "./FindingsTable";
import { Freshness } from "./Freshness";
import { Gravity } from "./Gravity";
import { freshnessQuery, nameOf, qualityQuery, type SeriesFreshness, type SeriesQuality } from "./queries";
import { Source } from "./Source";
import { StoredBars } from "./StoredBars";
import { Uses } from "./Uses";
import { Versions } from "./Versions";

const route = getRouteApi("/shell/data/$symbol");

/** What is stored of an instrument, drawn and judged. */
export function SymbolPage() {
  const { symbol } = route.useParams();
  const query = useQuery(qualityQuery(symbol));
  const { data: fresh } = useQuery(freshnessQuery({ symbol }));
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PageHead
        title={symbol}
        lead="What is stored of it."
        actions={
          <Link to="/runs/new" search={{ source: "store", symbols: symbol }} className={buttonClass("primary")}>
            New run
          </Link>
        }
      />
      <Loaded query={query} rows={10} waitingFor="the store">
        {(found) =>
          found.items.map((series) => (
            <Series
              key={nameOf(series)}
              series={series}
              fresh={fresh?.items.find((each) => nameOf(each) === nameOf(series))}
            />
          ))
        }
      </Loaded>
      <Uses instrument={symbol} current={new Set(query.data?.items.map((each) => each.version))} />
    </div>
  );
}

const whole = (value: number): string => decimal(value, 0);

/** The provider of a source, whose name may have a feed behind it. */
const sourceOf = (fresh: SeriesFreshness | undefined): string | undefined => fresh?.fetched_from?.split(" ")[0];

function Series({ series, fresh }: { series: SeriesQuality; fresh: SeriesFreshness | undefined }) {
  return (
    <Panel
      title={`${series.timeframe}, ${series.adjustment}`}
      actions={
        <Link
          to="/data/fetch"
          search={{ symbols: series.symbol, timeframe: series.timeframe, source: sourceOf(fresh) }}
          className={buttonClass()}
        >
          Fetch more
        </Link>
      }
      note={<Gravity gravity={series.gravity} isChecked={series.checked} />}
    >
      <div className="flex min-w-0 flex-col gap-5">
        <Facts
          facts={[
            [
              "Freshness",
              fresh && (
                <span key="f">
                  <Freshness of={fresh} /> <span className="text-muted">{fresh.sentence}</span>
                </span>
              ),
            ],
            ["Last close", fresh && <When key="l" at={fresh.last_close} />],
            ["Coverage", <Coverage key="c" share={series.coverage} />],
            ["Bars", <Num key="r" value={series.rows} as={whole} />],
            ["Period", `${series.first.slice(0, 10)} to ${series.last.slice(0, 10)}`],
            ["Written", <When key="i" at={series.imported_at} />],
            ["From", <Source key="s" synthetic={series.synthetic} source={series.source} />],
            ["Version", <code key="v">{series.version}</code>],
            ["Size", <Num key="b" value={series.bytes} as={bytes} />],
          ]}
        />
        <CoverageStrip series={series} />
        <StoredBars series={series} />
        <Versions series={series} />
        <CompareSources series={series} from={sourceOf(fresh)} />
        {series.findings.length > 0 && (
          <FindingsTable caption="What was found" findings={series.findings} timeframe={series.timeframe} />
        )}
      </div>
    </Panel>
  );
}
