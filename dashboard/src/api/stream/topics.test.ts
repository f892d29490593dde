import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { Stage, settled } from "../../../tests/stage";
import { asksAnew, newer, newerParts, type Reducer, type TopicEvent } from "./apply";
import { type Follower, Stream } from "./socket";
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

const rows = (seq: number, state = "queued"): Rows => ({ seq, items: [{ id: "a", state }] });

/** A stream whose follower the test calls. */
function aStream(): { stream: Stream; told: () => Follower; isFollowed: () => boolean } {
  let follower: Follower | undefined;
  const stream = {
    follow: (_topic: string, follows: Follower) => {
      follower = follows;
      return () => undefined;
    },
  } as unknown as Stream;
  return {
    stream,
    told: () => {
      if (!follower) throw new Error("nobody follows");
      return follower;
    },
    isFollowed: () => follower !== undefined,
  };
}

function watched(seq: number) {
  const queries = new QueryClient();
  const line = aStream();
  queries.setQueryData<Rows>(KEY, rows(seq));
  const topics = new Topics(line.stream, queries);
  topics.watch({ topic: "jobs", key: ["jobs"], reduce: change });
  return { ...line, shown: () => queries.getQueryData<Rows>(KEY), queries, topics };
}

/** Somebody who looks at an answer of the server, which comes when the test lets it. */
function looking<Data>(queries: QueryClient, queryKey: readonly unknown[]) {
  const answers: ((data: Data) => void)[] = [];
  const observer = new QueryObserver<Data>(queries, {
    queryKey,
    queryFn: () => new Promise<Data>((come) => answers.push(come)),
    structuralSharing: newer as never,
  });
  observer.subscribe(() => undefined);
  return {
    asked: () => answers.length,
    come: async (data: Data) => {
      answers.at(-1)?.(data);
      await settled();
    },
  };
}

it("follows a topic after the oldest snapshot that is cached", () => {
  const { told, queries } = watched(3);
  queries.setQueryData<Rows>(["jobs", "list", { page: 2 }], rows(2));
  expect(told().known()).toBe(2);
});

it("follows nothing before there is an answer to follow it from", async () => {
  const [queries, line] = [new QueryClient(), aStream()];
  new Topics(line.stream, queries).watch({ topic: "jobs", key: ["jobs"], reduce: change });
  const server = looking<Rows>(queries, KEY);
  expect(line.isFollowed()).toBe(false);
  await server.come(rows(5));
  expect(line.told().known()).toBe(5);
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

it("brings an answer that was overtaken on its way up to what was heard", async () => {
  const { told, queries, shown } = watched(3);
  const server = looking<Rows>(queries, KEY);
  const other = ["jobs", "list", { page: 2 }];
  const late = looking<Rows>(queries, other);
  told().take([event(4, "running")]);
  await late.come(rows(3));
  expect(queries.getQueryData(other)).toEqual(rows(4, "running"));
  expect([shown(), server.asked()]).toEqual([rows(4, "running"), 1]);
});

it("brings a snapshot that is looked at again up to what was heard meanwhile", () => {
  const { told, queries, topics } = watched(3);
  told().take([event(4, "running")]);
  queries.setQueryData<Rows>(["other"], rows(3));
  topics.watch({ topic: "jobs", key: ["other"], reduce: change });
  expect(queries.getQueryData(["other"])).toEqual(rows(4, "running"));
});

it("asks once more where the answer was already under way when the event was heard", async () => {
  const { stream, told } = aStream();
  const queries = new QueryClient();
  const server = looking<Rows>(queries, KEY);
  new Topics(stream, queries).watch({ topic: "jobs", key: KEY, reduce: asksAnew });
  await server.come(rows(3));
  void queries.refetchQueries({ queryKey: KEY });
  await settled();
  told().take([event(4, "running")]);
  await settled();
  expect(server.asked()).toBe(2);
  await server.come(rows(3));
  expect(server.asked()).toBe(3);
  await server.come(rows(4, "running"));
  expect([server.asked(), queries.getQueryData(KEY)]).toEqual([3, rows(4, "running")]);
});

it("asks once where the answer does not tell of the event", async () => {
  const { stream, told } = aStream();
  const queries = new QueryClient();
  const server = looking<Rows>(queries, KEY);
  new Topics(stream, queries).watch({ topic: "jobs", key: KEY, reduce: asksAnew });
  await server.come(rows(3));
  told().take([event(4, "running")]);
  await settled();
  await server.come(rows(3));
  expect(server.asked()).toBe(2);
});

it("only marks as old what nobody looks at, and does not go on from there", () => {
  const { told, queries } = watched(3);
  queries.setQueryData<Rows>(["jobs", "list", { page: 2 }], rows(1));
  told().take([event(4, "running")]);
  expect(queries.getQueryState(["jobs", "list", { page: 2 }])?.isInvalidated).toBe(true);
  expect(told().known()).toBe(4);
});

it("keeps a part of an answer true and leaves the others alone", async () => {
  type Whole = { jobs: { seq: number; total: number }; alerts: { seq: number; total: number } };
  const { stream, told } = aStream();
  const queries = new QueryClient();
  queries.setQueryData<Whole>(["now"], { jobs: { seq: 3, total: 1 }, alerts: { seq: 9, total: 0 } });
  const more: Reducer<Whole["jobs"]> = (jobs) => ({ ...jobs, total: jobs.total + 1 });
  new Topics(stream, queries).watch({ topic: "jobs", key: ["now"], reduce: more, part: "jobs" });
  expect(told().known()).toBe(3);
  told().take([event(4, "running")]);
  const whole = { jobs: { seq: 4, total: 2 }, alerts: { seq: 9, total: 0 } };
  expect(queries.getQueryData(["now"])).toEqual(whole);
  const late: Whole = { jobs: { seq: 3, total: 1 }, alerts: { seq: 10, total: 1 } };
  expect(newerParts(whole, late)).toEqual({ jobs: { seq: 4, total: 2 }, alerts: { seq: 10, total: 1 } });
});

it("marks the snapshots as old on a reset, and believes a log that counts anew", async () => {
  const { told, queries, shown } = watched(30);
  const server = looking<Rows>(queries, KEY);
  told().reset();
  expect(queries.getQueryState(KEY)?.isInvalidated).toBe(true);
  expect(told().known()).toBe(0);
  await server.come(rows(2, "done"));
  expect(shown()).toEqual(rows(2, "done"));
});

it("goes on after the first answer when the line was mute from the start", async () => {
  const [stage, queries] = [new Stage(), new QueryClient()];
  const stream = new Stream(stage);
  new Topics(stream, queries).watch({ topic: "jobs", key: KEY, reduce: change });
  stream.start();
  await settled();
  await looking<Rows>(queries, KEY).come(rows(7));
  await stage.pass(11_000);
  expect(stage.sockets.map((line) => line.sent)).toEqual(
    Array.from({ length: 2 }, () => [{ subscribe: [{ topic: "jobs", after: 7 }] }]),
  );
});
