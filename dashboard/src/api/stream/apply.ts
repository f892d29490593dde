/** One event of a topic. `prev` is the one before it for this reader: what lies between became superfluous. */
export type TopicEvent = {
  topic: string;
  seq: number;
  prev?: number;
  at: string;
  kind: string;
  body: Record<string, unknown>;
};

/** A snapshot of the server, with the number of the last event that it contains. */
export type Snapshot = { seq: number };

/** What becomes of the data when something happened; pure. Null says that the event alone does not tell. */
export type Reducer<Data> = (data: Data, event: TopicEvent) => Data | null;

/** The event alone does not tell what became of the data: it is asked for anew. */
export const asksAnew: Reducer<Snapshot> = () => null;

/** The same of what something is; how far it is changes nothing. */
export const asksAnewOfStates: Reducer<Snapshot> = (data, { kind }) => (kind === "progress" ? data : null);

/** The data after the events, and whether it has to be fetched anew because something is missing. */
export type Folded<Data> = { data: Data; gap: boolean };

/** Events in order, each once. */
export function inOrder(events: readonly TopicEvent[]): TopicEvent[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

/**
 * A snapshot with the events that follow it. What it already contains is passed over; at the first missing event it
 * stops, because what comes later may not be true without it.
 */
export function fold<Data extends Snapshot>(
  data: Data,
  events: readonly TopicEvent[],
  reduce: Reducer<Data>,
): Folded<Data> {
  let now = data;
  for (const event of inOrder(events)) {
    if (event.seq <= now.seq) continue;
    if ((event.prev ?? event.seq - 1) > now.seq) return { data: now, gap: true };
    const next = reduce(now, event);
    if (next === null) return { data: now, gap: true };
    now = { ...next, seq: event.seq };
  }
  return { data: now, gap: false };
}

/** Of two snapshots of the same thing the one that knows more: an answer that was overtaken is dropped. */
export function newer<Data>(old: Data | undefined, fresh: Data): Data {
  const known = (old as Partial<Snapshot> | undefined)?.seq;
  const came = (fresh as Partial<Snapshot>).seq;
  return old !== undefined && known !== undefined && came !== undefined && came < known ? old : fresh;
}

/** The same where an answer holds several snapshots: each part by itself. */
export function newerParts<Data extends object>(old: Data | undefined, fresh: Data): Data {
  const before: Record<string, unknown> = { ...old };
  const parts = Object.entries(fresh).map(([name, part]) => [name, part && newer(before[name], part)]);
  return Object.fromEntries(parts) as Data;
}
