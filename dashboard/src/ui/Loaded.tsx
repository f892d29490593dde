import { type ReactNode, useEffect, useState } from "react";
import { ProblemNote } from "./ProblemNote";

/** What `useQuery` answers, as far as its picture needs it. */
export type Query<Data> = {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
};

type Props<Data> = { query: Query<Data>; rows?: number; waitingFor?: string; children: (data: Data) => ReactNode };

const SHOWN_AFTER_MS = 150;
const LONG_MS = 10_000;

/** Whether that much time has gone since the component came up. */
function useAfter(milliseconds: number): boolean {
  const [gone, setGone] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setGone(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return gone;
}

/** The room that the data will take: drawn after a moment, and after ten seconds it says what is waited for. */
export function Skeleton({ rows = 3, waitingFor = "the server" }: { rows?: number; waitingFor?: string }) {
  const shown = useAfter(SHOWN_AFTER_MS);
  const long = useAfter(LONG_MS);
  return (
    <div aria-busy="true" className="flex flex-col gap-2 py-1">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a skeleton are all alike
        <div key={row} className={`h-6 rounded-sm ${shown ? "bg-surface" : ""}`} />
      ))}
      {long && <p className="text-muted">Waiting for {waitingFor}.</p>}
    </div>
  );
}

/** The data of a query, or why there is none. Old data stays while new data is fetched, and stays after a failure. */
export function Loaded<Data>({ query, rows, waitingFor, children }: Props<Data>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error ? <ProblemNote error={query.error} onRetry={() => query.refetch()} /> : null}
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <ProblemNote error={query.error} onRetry={() => query.refetch()} />;
  return <Skeleton rows={rows} waitingFor={waitingFor} />;
}
