import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { Stage, settled } from "../../../tests/stage";
import type { Reducer } from "./apply";
import { Stream } from "./socket";
import { Topics } from "./topics";

const A_SECOND = 200;
const SECONDS = 60;
const FACT = 10;

type Facts = { seq: number; facts: number[]; price: number };

/** Facts are kept each by itself; of states only the last counts. */
const reduce: Reducer<Facts> = (known, { seq, kind, body }) =>
  kind === "fact" ? { ...known, facts: [...known.facts, seq] } : { ...known, price: Number(body.price) };

it("takes 200 events a second for a minute with four writes a second to each key, and loses no fact", async () => {
  const stage = new Stage();
  const stream = new Stream(stage);
  const queries = new QueryClient();
  const keys = ["one", "two"].map((id) => ["session", id]);
  const topics = new Topics(stream, queries);
  for (const key of keys) queries.setQueryData<Facts>(key, { seq: 0, facts: [], price: 0 });
  const writes = new Map<string, number>();
  queries.getQueryCache().subscribe(({ type, query }) => {
    const isWrite = type === "updated" && query.state.dataUpdateCount > 0;
    if (isWrite) writes.set(query.queryHash, query.state.dataUpdateCount - 1);
  });
  stream.start();
  await settled();
  for (const key of keys) topics.watch({ topic: `sessions/${key[1]}`, key, reduce });

  const sent = A_SECOND * SECONDS;
  for (let number = 1; number <= sent; number += 1) {
    for (const [, id] of keys) {
      const kind = number % FACT === 0 ? "fact" : "tick";
      stage.line.say({ event: { topic: `sessions/${id}`, seq: number, at: "", kind, body: { price: number } } });
    }
    await stage.pass(1_000 / A_SECOND);
  }
  await stage.pass(1_000);

  expect(Math.max(...writes.values())).toBeLessThanOrEqual(4 * SECONDS + 1);
  for (const key of keys) {
    const shown = queries.getQueryData<Facts>(key);
    expect(shown?.facts).toEqual(Array.from({ length: sent / FACT }, (_, index) => (index + 1) * FACT));
    expect(shown).toMatchObject({ seq: sent, price: sent - (sent % FACT === 0 ? 1 : 0) });
  }
});
