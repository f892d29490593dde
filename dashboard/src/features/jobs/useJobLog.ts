import { useEffect, useState } from "react";
import { jobLog } from "./queries";

const EVERY_MS = 1_000;

type Log = { lines: string[]; next: number; error: unknown };

const EMPTY: Log = { lines: [], next: 0, error: null };

/** The log of a job from its first line on: each look asks only for what is new, and the last one after it ended. */
export function useJobLog(id: string, over: boolean): Log {
  const [log, setLog] = useState<Log & { of: string }>({ ...EMPTY, of: id });
  useEffect(() => {
    let left = false;
    let next = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setLog({ ...EMPTY, of: id });
    const look = async (): Promise<void> => {
      try {
        const piece = await jobLog(id, next);
        if (left) return;
        const grown = piece.next > next;
        next = piece.next;
        setLog((before) => ({ of: id, lines: [...before.lines, ...piece.lines], next, error: null }));
        if (over && !grown) return;
        timer = setTimeout(look, grown ? 0 : EVERY_MS);
      } catch (error) {
        if (left) return;
        setLog((before) => ({ ...before, error }));
        if (!over) timer = setTimeout(look, EVERY_MS);
      }
    };
    void look();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [id, over]);
  return log;
}
