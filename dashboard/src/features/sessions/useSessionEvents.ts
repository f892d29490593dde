import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";

/** Keep what is shown of a session true by its events; gives how often to ask besides. */
export function useSessionEvents(id: string): number {
  useTopic(`sessions/${id}`, keys.session(id), asksAnew);
  return usePoll(true);
}
