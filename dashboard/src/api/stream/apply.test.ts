import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, newer, type Reducer, type TopicEvent } from "./apply";

type Log = { seq: number; said: string[] };
const START: Log = { seq: 0, said: [] };
const write: Reducer<Log> = (log, event) => ({ ...log, said: [...log.said, String(event.body.word)] });

const event = (seq: number, prev?: number): TopicEvent => ({
  topic: "jobs",
  seq,
  prev,
  at: "2026-11-20T14:30:00Z",
  kind: "said",
  body: { word: `w${seq}` },
});

const story = (length: number): TopicEvent[] => Array.from({ length }, (_, index) => event(index + 1));

describe("events on a snapshot", () => {
  it("give the same state in any order and with any duplicates", () => {
    const told = fc.integer({ min: 1, max: 30 }).chain((length) => {
      const events = story(length);
      const doubles = fc.array(fc.constantFrom(...events), { maxLength: 30 });
      return doubles.chain((more) => fc.shuffledSubarray([...events, ...more], { minLength: length + more.length }));
    });
    fc.assert(
      fc.property(told, (events) => {
        const length = Math.max(...events.map((one) => one.seq));
        const { data, gap } = fold(START, events, write);
        expect(gap).toBe(false);
        expect(data).toEqual({ seq: length, said: story(length).map((one) => one.body.word) });
      }),
    );
  });

  it("give the same state in whatever batches they come, with a refetch at every gap", () => {
    const batches = fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, (lists) => {
        let head = 0;
        let log = START;
        const server = (): Log => ({ seq: head, said: story(head).map((one) => String(one.body.word)) });
        for (const list of lists) {
          head = Math.max(head, ...list);
          const { data, gap } = fold(
            log,
            list.map((seq) => event(seq)),
            write,
          );
          log = gap ? newer(data, server()) : data;
          expect(log.said).toEqual(story(log.seq).map((one) => one.body.word));
        }
      }),
    );
  });

  it("stop at a gap and say so", () => {
    expect(fold(START, [event(1), event(3)], write)).toEqual({ data: { seq: 1, said: ["w1"] }, gap: true });
  });

  it("stop at an event that does not tell enough, and say so", () => {
    const unsure: Reducer<Log> = (log, one) => (one.seq === 2 ? null : write(log, one));
    expect(fold(START, story(3), unsure)).toEqual({ data: { seq: 1, said: ["w1"] }, gap: true });
  });

  it("pass over what the snapshot contains", () => {
    expect(fold({ seq: 5, said: [] }, story(5), write)).toEqual({ data: { seq: 5, said: [] }, gap: false });
  });

  it("know what the server left out on purpose from what was lost", () => {
    expect(fold(START, [event(1), event(4, 1)], write)).toEqual({ data: { seq: 4, said: ["w1", "w4"] }, gap: false });
    expect(fold(START, [event(1), event(4, 2)], write).gap).toBe(true);
  });
});

describe("an answer that was overtaken by events", () => {
  it("is dropped", () => {
    expect(newer({ seq: 5 }, { seq: 4 })).toEqual({ seq: 5 });
  });

  it("gives way to a newer one", () => {
    expect(newer({ seq: 5 }, { seq: 6 })).toEqual({ seq: 6 });
    expect(newer(undefined, { seq: 1 })).toEqual({ seq: 1 });
  });
});
