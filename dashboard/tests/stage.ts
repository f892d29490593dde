import type { TopicEvent } from "../src/api/stream/apply";
import type { World } from "../src/api/stream/socket";

type Timer = { at: number; then: () => void };

/** A world in which time passes when it is told to. */
export class Stage implements World {
  time = 0;
  timers: Timer[] = [];
  sockets: Line[] = [];
  refuses = false;
  /** Whether sockets are asked for in vain; what is asked for comes with `answer`. */
  hangs = false;
  answer: (() => void) | null = null;
  given: AbortSignal[] = [];
  isHidden = false;

  now = (): number => this.time;
  random = (): number => 0.5;
  hidden = (): boolean => this.isHidden;

  open = async (signal: AbortSignal): Promise<WebSocket> => {
    this.given.push(signal);
    if (this.refuses) throw new Error("refused");
    if (this.hangs) await new Promise<void>((come) => (this.answer = come));
    const line = new Line();
    this.sockets.push(line);
    return line as unknown as WebSocket;
  };

  after = (milliseconds: number, then: () => void): (() => void) => {
    const timer = { at: this.time + milliseconds, then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  };

  async pass(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    for (;;) {
      await settled();
      const next = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = next.at;
      this.timers = this.timers.filter((each) => each !== next);
      next.then();
    }
    this.time = until;
    await settled();
  }

  get line(): Line {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("no socket was opened");
    return last;
  }
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

/** A socket without a network. */
export class Line {
  readyState: number = WebSocket.OPEN;
  sent: Record<string, unknown>[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onopen: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  tell(seq: number, topic = "jobs"): void {
    this.say({ event: event(seq, topic) });
  }

  beat(heads: Record<string, number> = {}): void {
    this.say({ heartbeat: { at: "2026-11-20T14:30:00Z", heads } });
  }
}

const event = (seq: number, topic: string): TopicEvent => ({ topic, seq, at: "", kind: "said", body: {} });
