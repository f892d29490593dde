import { describe, expect, it } from "vitest";
import { Stage, settled } from "../../../tests/stage";
import { type Follower, Stream } from "./socket";

type Ear = Follower & { batches: number[][]; resets: number };

/** Somebody who knows a topic up to an event, and from then on what is told. */
function ear(known: number): Ear {
  const heard: Ear = {
    batches: [],
    resets: 0,
    known: () => Math.max(known, ...heard.batches.flat()),
    take: (events) => heard.batches.push(events.map((one) => one.seq)),
    reset: () => {
      heard.resets += 1;
    },
  };
  return heard;
}

async function connected(): Promise<[Stage, Stream, Ear]> {
  const stage = new Stage();
  const stream = new Stream(stage);
  const heard = ear(7);
  stream.start();
  await settled();
  stream.follow("jobs", heard);
  return [stage, stream, heard];
}

describe("the stream", () => {
  it("subscribes after the event that the snapshot contains", async () => {
    const [stage, stream] = await connected();
    expect(stream.state).toBe("live");
    expect(stage.line.sent).toEqual([{ subscribe: [{ topic: "jobs", after: 7 }] }]);
  });

  it("hands a burst of events over at most four times a second", async () => {
    const [stage, , heard] = await connected();
    for (let seq = 8; seq < 208; seq += 1) {
      stage.line.tell(seq);
      await stage.pass(5);
    }
    await stage.pass(250);
    expect(heard.batches.flat()).toEqual(Array.from({ length: 200 }, (_, index) => index + 8));
    expect(heard.batches.length).toBeLessThanOrEqual(5);
  });

  it("hands over once a second while nobody looks", async () => {
    const [stage, , heard] = await connected();
    stage.isHidden = true;
    stage.line.tell(8);
    await stage.pass(999);
    expect(heard.batches).toEqual([]);
    await stage.pass(1);
    expect(heard.batches).toEqual([[8]]);
  });

  it("takes ten seconds of silence for a dead line, and resumes after the last event", async () => {
    const [stage, stream, heard] = await connected();
    stage.line.tell(8);
    await stage.pass(9_999);
    expect(stream.state).toBe("live");
    await stage.pass(1);
    expect(stream.state).toBe("connecting");
    await stage.pass(30_000);
    expect(stage.sockets.length).toBeGreaterThan(1);
    expect(stage.sockets[1]?.sent).toEqual([{ subscribe: [{ topic: "jobs", after: 8 }] }]);
    expect(heard.batches).toEqual([[8]]);
  });

  it("takes ten seconds without a socket for a dead line, asks again, and leaves alone what comes late", async () => {
    const stage = new Stage();
    stage.hangs = true;
    const stream = new Stream(stage);
    stream.follow("jobs", ear(7));
    stream.start();
    const late = stage.answer;
    await stage.pass(10_000);
    expect(stage.given[0]?.reason).toBe("lost");
    stage.hangs = false;
    await stage.pass(1_000);
    expect(stream.state).toBe("live");
    const line = stage.line;
    late?.();
    await settled();
    expect(stage.line.readyState).toBe(WebSocket.CLOSED);
    expect([line.readyState, line.sent]).toEqual([WebSocket.OPEN, [{ subscribe: [{ topic: "jobs", after: 7 }] }]]);
    expect(stream.state).toBe("live");
  });

  it("hears no more of a line that it has given up", async () => {
    const [stage, , heard] = await connected();
    const old = stage.line;
    await stage.pass(11_000);
    old.tell(8);
    await stage.pass(250);
    expect(heard.batches).toEqual([]);
  });

  it("stays while the heart beats", async () => {
    const [stage, stream] = await connected();
    for (let beat = 0; beat < 10; beat += 1) {
      await stage.pass(5_000);
      stage.line.beat({ jobs: 7 });
    }
    expect(stream.state).toBe("live");
    expect(stage.sockets.length).toBe(1);
  });

  it("waits longer after every failure, never more than thirty seconds", async () => {
    const stage = new Stage();
    stage.refuses = true;
    const stream = new Stream(stage);
    stream.start();
    await settled();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const wait = (stage.timers[0]?.at ?? 0) - stage.time;
      waits.push(wait);
      await stage.pass(wait);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBe(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  });

  it("asks for a new snapshot on a reset", async () => {
    const [stage, , heard] = await connected();
    stage.line.tell(9);
    stage.line.say({ reset: { topic: "jobs", head: 400 } });
    await stage.pass(250);
    expect(heard.resets).toBe(1);
    expect(heard.batches).toEqual([]);
  });

  it("asks for a new snapshot when two heartbeats name an event that never came", async () => {
    const [stage, , heard] = await connected();
    stage.line.beat({ jobs: 9 });
    expect(heard.resets).toBe(0);
    stage.line.beat({ jobs: 12 });
    expect(heard.resets).toBe(1);
  });

  it("ends when it is stopped", async () => {
    const [stage, stream] = await connected();
    stream.stop();
    await stage.pass(60_000);
    expect(stream.state).toBe("closed");
    expect(stage.sockets.length).toBe(1);
  });
});
