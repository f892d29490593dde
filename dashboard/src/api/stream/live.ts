import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { client } from "../client";
import { answer } from "../problem";
import { unanswered } from "../reach";
import { SERVER } from "../server";
import type { Reducer, Snapshot } from "./apply";
import { type Ending, Stream, type StreamState } from "./socket";
import { Topics } from "./topics";

const CHECK_MS = 60_000;
const MONEY_MS = 5_000;
const ELSE_MS = 10_000;

const LOST: Ending = "lost";

async function open(signal: AbortSignal): Promise<WebSocket> {
  const asked = answer(client.POST("/v1/ws/ticket", { signal }));
  const { ticket } = await asked.catch((problem: unknown) => {
    // A server that takes the question and says nothing for so long does not answer.
    if (signal.reason === LOST) unanswered();
    throw problem;
  });
  return new WebSocket(`${SERVER.replace(/^http/, "ws")}/v1/ws?ticket=${encodeURIComponent(ticket)}`);
}

/** The stream of this tab. */
export const stream = new Stream({
  open,
  now: Date.now,
  random: Math.random,
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  hidden: () => document.hidden,
});

const state = (): StreamState => stream.state;

export const useStreamState = (): StreamState => useSyncExternalStore(stream.onState, state);

/** How often to ask for what should be asked for every so many milliseconds: while the stream is heard, once a minute. */
export function usePollOf(): (milliseconds: number) => number {
  const live = useStreamState() === "live";
  return (milliseconds) => (live ? CHECK_MS : milliseconds);
}

/** How often to ask while the stream is not heard; while it is, once a minute to be sure. */
export const usePoll = (isMoney = false): number => usePollOf()(isMoney ? MONEY_MS : ELSE_MS);

let topics: Topics | null = null;

/**
 * While the component is up, events of the topic change the cached snapshots under the key, or those in one part of what
 * lies there.
 */
export function useTopic<Data extends Snapshot>(
  topic: string,
  key: QueryKey,
  reduce: Reducer<Data>,
  part?: string,
): void {
  const queries = useQueryClient();
  const name = JSON.stringify(key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: keys are made anew at each call; their text is what counts
  useEffect(() => {
    topics ??= new Topics(stream, queries);
    return topics.watch({ topic, key, reduce, part });
  }, [queries, topic, name, reduce, part]);
}
