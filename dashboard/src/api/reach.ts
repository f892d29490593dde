import { useSyncExternalStore } from "react";

/** Whether the server answers, and when it last did (milliseconds since 1970). */
export type Reach = { answers: boolean; last: number | null };

let reach: Reach = { answers: true, last: null };
const listeners = new Set<() => void>();

function become(next: Reach): void {
  const changed = next.answers !== reach.answers;
  reach = next;
  if (changed) for (const listener of listeners) listener();
}

export const answered = (): void => become({ answers: true, last: Date.now() });

export const unanswered = (): void => become({ ...reach, answers: false });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const now = (): Reach => reach;
const answers = (): boolean => reach.answers;

/** Whether the server answers; components are drawn anew when that changes. */
export const useAnswers = (): boolean => useSyncExternalStore(subscribe, answers);

/** When the server last answered. */
export const lastAnswer = (): number | null => now().last;
