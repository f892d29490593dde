import { keys } from "@/api/keys";
import type { Reducer, Snapshot } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";

/** An event alone does not tell what became of orders and money: what shows them asks anew. */
const anew: Reducer<Snapshot> = () => null;

/** Keep what is shown of a session true by its events; gives how often to ask besides. */
export function useSessionEvents(id: string): number {
  useTopic(`sessions/${id}`, keys.session(id), anew);
  return usePoll(true);
}
