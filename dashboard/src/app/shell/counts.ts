/** A number beside a page's name, and what it counts. */
export type Count = { value: number; word: string; urgent: boolean };

/** What waits on which page: running jobs, unread critical alerts, waiting approvals. */
export function useCounts(): Record<string, Count | undefined> {
  return {};
}
