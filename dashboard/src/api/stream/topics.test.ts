import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import type { Reducer, TopicEvent } from "./apply";
import type { Follower, Stream } from "./socket";
import { Topics } from "./topics";

type Rows = { seq: number; items: { id: string; state: string }[] };
const KEY = ["jobs", "list", {}];

const change: Reducer<Rows> = (rows, { body }) => ({
  ...rows,
  items: rows.items.map((row) => (row.id === body.id ? { ...row, state: String(body.state) } : row)),
});

const event = (seq: number, state: string): TopicEvent => ({
  topic: "jobs",
  seq,
  at: "",
  kind: "state",
  body: { id: "a", state },
});

/** A stream whose follower the test calls, and the number after which it was followed. */
function aStream(): { stream: Stream; told: () => Follower; after: () => number | null | undefined } {
  let follower: Follower | undefined;
  let from: number | null | undefined;
  const stream = {
    follow: (_topic: string, after: number | null, follows: Follower) => {
      follower = follows;
      from = after;
      return () => undefined;
    },
  } as unknown as Stream;
  return {
    stream,
    told: () => {
      if (!follower) throw new Error("nobody follows");
      return follower;
    },
    after: () => from,
  };
}

function watched(seq: number) {
  const queries = new QueryClient();
  const line = aStream();
  queries.setQueryData<Rows>(KEY, { seq, items: [{ id: "a", state: "queued" }] });
  const topics = new Topics(line.stream, queries);
  topics.watch({ topic: "jobs", key: ["jobs"], reduce: change });
  return { ...line, shown: () => queries.getQueryData<Rows>(KEY), queries };
}

it("follows a topic after the snapshot that is cached", () => {
  expect(watched(3).after()).toBe(3);
});

it("changes the cached snapshot by the events of its topic", () => {
  const { told, shown } = watched(3);
  told().take([event(5, "done"), event(4, "running")]);
  expect(shown()).toEqual({ seq: 5, items: [{ id: "a", state: "done" }] });
});

it("keeps what came after a gap until the missing event is there", () => {
  const { told, shown } = watched(3);
  told().take([event(5, "done")]);
  expect(shown()?.seq).toBe(3);
  told().take([event(4, "running")]);
  expect(shown()).toEqual({ seq: 5, items: [{ id: "a", state: "done" }] });
});

it("marks the snapshots as old on a reset", () => {
  const { told, queries } = watched(3);
  told().reset();
  expect(queries.getQueryState(KEY)?.isInvalidated).toBe(true);
});
