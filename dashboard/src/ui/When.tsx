import { NOT_AVAILABLE } from "@/format/decimal";
import { ago, clock, type Instant, inTwoZones, localZone, millis, placeOf, utc } from "@/format/time";
import { useNow } from "./now";
import { usePreferences } from "./preferences";

const EXCHANGE = "America/New_York";

type Props = { at: Instant; exchange?: string; relative?: boolean; seconds?: boolean };

/** An instant in the chosen zone, with both zones and UTC in its title; `relative` says how long ago instead. */
export function When({ at, exchange = EXCHANGE, relative = false, seconds = false }: Props) {
  const { zone } = usePreferences();
  if (millis(at) === null) return <span className="text-muted">{NOT_AVAILABLE}</span>;
  const chosen = { exchange, local: localZone(), utc: "UTC" }[zone];
  const [date, time] = clock(at, chosen, seconds) ?? ["", ""];
  const text = `${date} ${time}`;
  const full = `${inTwoZones(at, exchange)} · ${utc(at)}`;
  return (
    <time dateTime={utc(at)} title={full} className="whitespace-nowrap tabular-nums">
      {relative ? <Ago at={at} /> : text}
      {!relative && zone !== "local" && <span className="text-muted"> {zone === "utc" ? "UTC" : placeOf(chosen)}</span>}
    </time>
  );
}

function Ago({ at }: { at: Instant }) {
  return ago(at, useNow());
}
