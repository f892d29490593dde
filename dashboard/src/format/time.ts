import { NOT_AVAILABLE } from "./decimal";

/** An instant of the API: ISO-8601 UTC, or milliseconds since 1970. */
export type Instant = string | number | null | undefined;

/** Which zone labels are written in: the exchange's or the reader's. */
export type Zone = { name: string; place: string };

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, seconds: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${seconds}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" as const } : {}),
  });
  formats.set(key, made);
  return made;
}

/** Milliseconds since 1970 of an instant, or null. */
export function millis(instant: Instant): number | null {
  if (instant === null || instant === undefined || instant === "") return null;
  const value = typeof instant === "number" ? instant : Date.parse(instant);
  return Number.isFinite(value) ? value : null;
}

/** Date and time of day of an instant in a zone, as `["2025-03-09", "15:59"]`, or null. */
export function clock(instant: Instant, zone: string, seconds = false): [string, string] | null {
  const at = millis(instant);
  if (at === null) return null;
  const parts = Object.fromEntries(
    formatOf(zone, seconds)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const time = `${parts.hour}:${parts.minute}${seconds ? `:${parts.second}` : ""}`;
  return [`${parts.year}-${parts.month}-${parts.day}`, time];
}

/** The place that a zone is named after: `America/New_York` is New York. */
export function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** The reader's own zone. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** One instant in two zones: "2025-03-10 15:59 New York · 20:59 here"; the second date only where it is another day. */
export function inTwoZones(instant: Instant, exchange: string, local: string = localZone()): string {
  const there = clock(instant, exchange);
  const here = clock(instant, local);
  if (!there || !here) return NOT_AVAILABLE;
  const first = `${there[0]} ${there[1]} ${placeOf(exchange)}`;
  if (exchange === local) return first;
  return `${first} · ${there[0] === here[0] ? "" : `${here[0]} `}${here[1]} here`;
}

/** An instant as it is copied: ISO-8601 UTC, whole seconds. */
export function utc(instant: Instant): string {
  const at = millis(instant);
  return at === null ? NOT_AVAILABLE : new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

const STEPS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** How long ago an instant was, in its largest unit; the absolute time belongs beside it. */
export function ago(instant: Instant, now: number): string {
  const at = millis(instant);
  if (at === null) return NOT_AVAILABLE;
  const past = now - at;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(past) >= length) ?? ["s", 1_000];
  const many = Math.floor(Math.abs(past) / size);
  if (many === 0) return "now";
  return past >= 0 ? `${many} ${unit} ago` : `in ${many} ${unit}`;
}
