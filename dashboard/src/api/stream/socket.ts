import type { TopicEvent } from "./apply";

/** How well the stream is heard. */
export type StreamState = "closed" | "connecting" | "live";

/**
 * Who follows a topic. `known` is the number of the last event that it has, `take` gets the events since the last call in
 * the order of arrival, `reset` says that it lacks some and has to ask for the whole anew.
 */
export type Follower = {
  known: () => number | null;
  take: (events: TopicEvent[]) => void;
  reset: () => void;
};

/** Why a socket that is being opened is given up. */
export type Ending = "stopped" | "lost";

/** What the stream needs of the world; tests bring their own. The signal gives up with an `Ending` as its reason. */
export type World = {
  open: (signal: AbortSignal) => Promise<WebSocket>;
  now: () => number;
  random: () => number;
  after: (milliseconds: number, then: () => void) => () => void;
  hidden: () => boolean;
};

type Message = {
  event?: TopicEvent;
  reset?: { topic: string; head: number };
  heartbeat?: { at: string; heads: Record<string, number> };
};

const MUTE_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const FLUSH_MS = 250;
const HIDDEN_FLUSH_MS = 1_000;

type Followed = { follower: Follower; behind: boolean };

/**
 * The one socket of this tab. It resumes every topic after the last event that its follower has, hands events over at
 * most four times a second, and takes ten seconds of silence for a dead line, while it is being opened too.
 */
export class Stream {
  private readonly world: World;
  private readonly topics = new Map<string, Followed>();
  private readonly listeners = new Set<() => void>();
  private queue: TopicEvent[] = [];
  private socket: WebSocket | null = null;
  private opening: AbortController | null = null;
  private wanted = false;
  private failures = 0;
  private cancelRetry: (() => void) | null = null;
  private cancelMute: (() => void) | null = null;
  private cancelFlush: (() => void) | null = null;
  state: StreamState = "closed";

  constructor(world: World) {
    this.world = world;
  }

  onState = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.cancelRetry?.();
    this.drop("stopped");
    this.become("closed");
  }

  /** Follow a topic; one follower for each. */
  follow(topic: string, follower: Follower): () => void {
    this.topics.set(topic, { follower, behind: false });
    this.send({ subscribe: [{ topic, after: follower.known() }] });
    return () => {
      if (this.topics.get(topic)?.follower !== follower) return;
      this.topics.delete(topic);
      this.send({ unsubscribe: [topic] });
    };
  }

  private async connect(): Promise<void> {
    this.become("connecting");
    const opening = new AbortController();
    this.opening = opening;
    this.listen();
    const socket = await this.world.open(opening.signal).catch(() => null);
    if (opening.signal.aborted) return socket?.close();
    if (!socket) return this.lost();
    this.socket = socket;
    socket.onmessage = (message) => this.socket === socket && this.heard(JSON.parse(String(message.data)) as Message);
    socket.onclose = () => this.socket === socket && this.lost();
    socket.onopen = () => this.socket === socket && this.opened();
    if (socket.readyState === WebSocket.OPEN) this.opened();
    this.listen();
  }

  private opened(): void {
    this.failures = 0;
    this.become("live");
    this.flush();
    const subscribe = [...this.topics].map(([topic, { follower }]) => ({ topic, after: follower.known() }));
    if (subscribe.length) this.send({ subscribe });
  }

  private lost(): void {
    this.drop("lost");
    if (this.wanted) this.retry();
  }

  private drop(why: Ending): void {
    this.cancelMute?.();
    this.opening?.abort(why);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private retry(): void {
    this.become("connecting");
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    const wait = FIRST_WAIT_MS + this.world.random() * (most - FIRST_WAIT_MS);
    this.cancelRetry = this.world.after(wait, () => void this.connect());
  }

  /** Every word, a heartbeat too, starts the wait for the next. */
  private listen(): void {
    this.cancelMute?.();
    this.cancelMute = this.world.after(MUTE_MS, () => this.lost());
  }

  private heard(message: Message): void {
    this.listen();
    if (message.event) this.enqueue(message.event);
    if (message.reset) this.reset(message.reset.topic);
    if (message.heartbeat) this.compare(message.heartbeat.heads);
  }

  private enqueue(event: TopicEvent): void {
    this.queue.push(event);
    const pause = this.world.hidden() ? HIDDEN_FLUSH_MS : FLUSH_MS;
    this.cancelFlush ??= this.world.after(pause, () => this.flush());
  }

  private flush(): void {
    this.cancelFlush?.();
    this.cancelFlush = null;
    const queue = this.queue;
    this.queue = [];
    for (const [topic, followed] of this.topics) {
      const events = queue.filter((event) => event.topic === topic);
      if (events.length > 0) followed.follower.take(events);
    }
  }

  private reset(topic: string): void {
    this.queue = this.queue.filter((event) => event.topic !== topic);
    this.topics.get(topic)?.follower.reset();
  }

  /** Who is behind what the server has told at two heartbeats in a row has lost something on the way. */
  private compare(heads: Record<string, number>): void {
    this.flush();
    for (const [topic, followed] of this.topics) {
      const known = followed.follower.known();
      const isBehind = known !== null && (heads[topic] ?? 0) > known;
      if (isBehind && followed.behind) followed.follower.reset();
      followed.behind = isBehind;
    }
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private become(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
