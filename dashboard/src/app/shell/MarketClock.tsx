import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema.gen";
import { duration } from "@/format/duration";
import { inTwoZones, millis } from "@/format/time";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/now";
import { nowQuery } from "./underWay";

type Hours = components["schemas"]["MarketHours"];

/** What people call the markets whose calendars have the names of ISO 10383. */
const NAMES: Record<string, string> = {
  XNYS: "NYSE",
  XNAS: "Nasdaq",
  XLON: "London",
  XHKG: "Hong Kong",
  XTKS: "Tokyo",
  XBOM: "Mumbai",
};

/** What the clock says: open or not, and how long until that changes. */
export function told(hours: Hours, now: number): string {
  const name = NAMES[hours.calendar] ?? hours.calendar;
  if (hours.is_around_the_clock && hours.is_open) return `${name} is open around the clock`;
  const at = millis(hours.closes_at ?? hours.opens_at);
  if (at === null) return hours.is_open ? `${name} is open` : `${name} is closed`;
  const left = duration(Math.max(60, Math.floor((at - now) / 60_000) * 60));
  return hours.is_open ? `${name} closes in ${left}` : `${name} opens in ${left}`;
}

/** Whether the market trades, in the top bar. */
export function MarketClock() {
  const market = useQuery(nowQuery()).data?.market;
  const now = useNow();
  if (!market) return null;
  const at = market.closes_at ?? market.opens_at;
  return (
    <span
      className="ml-3 inline-flex items-center gap-1 whitespace-nowrap text-muted text-sm tabular-nums max-lg:hidden"
      title={at ? inTwoZones(at, market.zone) : undefined}
    >
      <Icon name="wait" />
      {told(market, now)}
    </span>
  );
}
