import { matchQuery, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { fold, inOrder, type Reducer, type Snapshot, type TopicEvent } from "./apply";
import type { Stream } from "./socket";

/**
 * Which snapshots of the query cache an event changes, and how. Where an answer holds several snapshots, `part` names the
 * one that is meant.
 */
export type Watch<Data extends Snapshot = Snapshot> = {
  topic: string;
  key: QueryKey;
  reduce: Reducer<Data>;
  part?: string;
};

const LONGEST_TAIL = 1_000;

type Watched = { watches: Set<Watch>; tail: TopicEvent[]; leave: (() => void) | null };

const isObject = (data: unknown): data is Record<string, unknown> => typeof data === "object" && data !== null;

/** The snapshot of an answer, or of a part of it. */
function snapshotIn(data: unknown, part: string | undefined): Snapshot | null {
  const found = part === undefined || !isObject(data) ? data : data[part];
  return isObject(found) && typeof found.seq === "number" ? (found as Snapshot) : null;
}

const withPart = (data: unknown, part: string | undefined, snapshot: Snapshot): object =>
  part === undefined ? snapshot : { ...(data as object), [part]: snapshot };

const last = (events: readonly TopicEvent[]): number => events.at(-1)?.seq ?? 0;

/**
 * Keeps snapshots in the query cache true by the events of their topics. A topic is followed from its oldest snapshot on,
 * so that nothing is missed between an answer and the stream; where an event is missing or does not tell enough, the
 * answer is fetched anew. What nobody looks at is only marked as old.
 */
export class Topics {
  private readonly stream: Stream;
  private readonly queries: QueryClient;
  private readonly topics = new Map<string, Watched>();
  private readonly mending = new Set<string>();

  constructor(stream: Stream, queries: QueryClient) {
    this.stream = stream;
    this.queries = queries;
    queries.getQueryCache().subscribe((told) => {
      if (told.type === "updated" && told.action.type === "success" && !told.action.manual) this.arrived(told.query);
    });
  }

  watch<Data extends Snapshot>(asked: Watch<Data>): () => void {
    const watch = asked as unknown as Watch; // what lies under the key is what its owner put there
    const watched: Watched = this.topics.get(watch.topic) ?? { watches: new Set(), tail: [], leave: null };
    this.topics.set(watch.topic, watched);
    watched.watches.add(watch);
    this.follow(watch.topic, watched);
    this.apply(watched, watch);
    return () => {
      watched.watches.delete(watch);
      if (watched.watches.size > 0) return;
      watched.leave?.();
      this.topics.delete(watch.topic);
    };
  }

  /** An answer came: what was heard while it was under way may be newer. */
  private arrived(query: Query): void {
    for (const [topic, watched] of this.topics)
      for (const watch of watched.watches)
        if (matchQuery({ queryKey: watch.key }, query)) {
          this.follow(topic, watched);
          this.apply(watched, watch);
        }
  }

  /** Follow a topic as soon as there is something to follow it from. */
  private follow(topic: string, watched: Watched): void {
    if (watched.leave || this.known(watched) === null) return;
    watched.leave = this.stream.follow(topic, {
      known: () => this.known(watched),
      take: (events) => {
        watched.tail = inOrder([...watched.tail, ...events]).slice(-LONGEST_TAIL);
        for (const each of watched.watches) this.apply(watched, each);
      },
      reset: () => {
        watched.tail = [];
        for (const each of watched.watches) this.forget(each);
      },
    });
  }

  /** The last event that every snapshot of a topic contains; null where there is none. */
  private known(watched: Watched): number | null {
    const found = [...watched.watches].flatMap(({ key, part }) =>
      this.under(key).flatMap((query) => {
        const isLeft = query.state.isInvalidated && !query.isActive();
        return isLeft ? [] : (snapshotIn(query.state.data, part)?.seq ?? []);
      }),
    );
    return found.length ? Math.min(...found) : null;
  }

  /** What is shown stays until it comes anew; how far it is, is not known any more: the numbers may be other ones. */
  private forget({ key, part }: Watch): void {
    for (const query of this.under(key)) {
      const snapshot = snapshotIn(query.state.data, part);
      // Past what compares numbers, which would keep the higher one; its age stays, too.
      if (snapshot) query.setState({ data: withPart(query.state.data, part, { ...snapshot, seq: 0 }) });
    }
    void this.queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
  }

  private under(key: QueryKey): Query[] {
    return this.queries.getQueryCache().findAll({ queryKey: key });
  }

  private apply(watched: Watched, watch: Watch): void {
    for (const query of this.under(watch.key)) {
      if (!this.fold(watched, watch, query)) continue;
      if (query.isActive()) void this.mend(watched, watch, query);
      else query.invalidate();
    }
  }

  /** Bring a snapshot up to what was heard; whether it has to be fetched anew for that. */
  private fold(watched: Watched, { reduce, part }: Watch, query: Query): boolean {
    const snapshot = snapshotIn(query.state.data, part);
    if (!snapshot) return false;
    const { data, gap } = fold(snapshot, watched.tail, reduce);
    if (data !== snapshot) this.queries.setQueryData(query.queryKey, withPart(query.state.data, part, data));
    return gap;
  }

  /** Fetch an answer anew, and once more where it was asked for before what is heard by now. */
  private async mend(watched: Watched, watch: Watch, query: Query): Promise<void> {
    const name = `${watch.topic} ${query.queryHash}`;
    if (this.mending.has(name)) return;
    this.mending.add(name);
    let isOld: boolean;
    do {
      const [heard, isUnderWay] = [last(watched.tail), query.state.fetchStatus !== "idle"];
      await this.queries.refetchQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
      isOld = isUnderWay || last(watched.tail) > heard;
    } while (this.fold(watched, watch, query) && isOld);
    this.mending.delete(name);
  }
}
