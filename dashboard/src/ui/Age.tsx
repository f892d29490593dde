import { duration } from "@/format/duration";
import { type Instant, millis, utc } from "@/format/time";
import { useNow } from "./now";

type Props = { at: Instant; limit?: number };

/** How old something is; past its limit (in seconds) it is struck through and called stale. */
export function Age({ at, limit }: Props) {
  const now = useNow();
  const since = millis(at);
  if (since === null) return <span className="text-muted">never</span>;
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const stale = limit !== undefined && seconds > limit;
  return (
    <time dateTime={utc(at)} title={utc(at)} className={`tabular-nums ${stale ? "text-warn" : "text-muted"}`}>
      {stale ? `stale ${duration(seconds)}` : duration(seconds)}
    </time>
  );
}
