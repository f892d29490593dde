import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { fold, inOrder, type Reducer, type Snapshot, type TopicEvent } from "./apply";
import type { Stream } from "./socket";

/** Which snapshots of the query cache an event changes, and how. */
export type Watch<Data extends Snapshot = Snapshot> = { topic: string; key: QueryKey; reduce: Reducer<Data> };

const LONGEST_TAIL = 1_000;

type Watched = { watches: Set<Watch>; tail: TopicEvent[]; leave: () => void };

const isSnapshot = (data: unknown): data is Snapshot =>
  typeof data === "object" && data !== null && typeof (data as Partial<Snapshot>).seq === "number";

/** Keeps snapshots in the query cache true by the events of their topics; where one is missing it fetches anew. */
export class Topics {
  private readonly stream: Stream;
  private readonly queries: QueryClient;
  private readonly topics = new Map<string, Watched>();

  constructor(stream: Stream, queries: QueryClient) {
    this.stream = stream;
    this.queries = queries;
  }

  watch<Data extends Snapshot>(asked: Watch<Data>): () => void {
    const watch = asked as unknown as Watch; // what lies under the key is what its owner put there
    const watched = this.topics.get(watch.topic) ?? this.begin(watch.topic, this.head(watch.key));
    watched.watches.add(watch);
    return () => {
      watched.watches.delete(watch);
      if (watched.watches.size > 0) return;
      watched.leave();
      this.topics.delete(watch.topic);
    };
  }

  private begin(topic: string, after: number | null): Watched {
    const watched: Watched = { watches: new Set(), tail: [], leave: () => undefined };
    this.topics.set(topic, watched);
    watched.leave = this.stream.follow(topic, after, {
      take: (events) => {
        watched.tail = inOrder([...watched.tail, ...events]).slice(-LONGEST_TAIL);
        for (const each of watched.watches) this.apply(watched, each);
      },
      reset: () => {
        watched.tail = [];
        for (const each of watched.watches) void this.queries.invalidateQueries({ queryKey: each.key });
      },
    });
    return watched;
  }

  /** The lowest event that a cached snapshot still needs to be followed from. */
  private head(key: QueryKey): number | null {
    const known = this.queries
      .getQueriesData({ queryKey: key })
      .flatMap(([, data]) => (isSnapshot(data) ? [data.seq] : []));
    return known.length ? Math.min(...known) : null;
  }

  private apply(watched: Watched, { key, reduce }: Watch, mends = true): void {
    for (const [exact, data] of this.queries.getQueriesData({ queryKey: key })) {
      if (!isSnapshot(data)) continue;
      const folded = fold(data, watched.tail, reduce);
      if (folded.data !== data) this.queries.setQueryData(exact, folded.data);
      if (folded.gap && mends) void this.mend(watched, { topic: "", key: exact, reduce });
    }
  }

  /** Fetch a snapshot anew, then bring it up to what was heard meanwhile. */
  private async mend(watched: Watched, watch: Watch): Promise<void> {
    await this.queries.refetchQueries({ queryKey: watch.key, exact: true }, { cancelRefetch: false });
    this.apply(watched, watch, false);
  }
}
