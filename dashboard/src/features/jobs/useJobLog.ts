import { useEffect, useRef, useState } from "react";
import { jobLog } from "./queries";

const EVERY_MS = 1_000;

type Log = { lines: string[]; error: unknown; isWhole: boolean };

const EMPTY: Log = { lines: [], error: null, isWhole: false };

/**
 * The log of a job from its first line on: each look asks only for what is new. It is whole when a look after the job's
 * end found nothing more; what was read stays meanwhile.
 */
export function useJobLog(id: string, over: boolean): Log {
  const [log, setLog] = useState<Log>(EMPTY);
  const read = useRef({ of: id, next: 0 });
  useEffect(() => {
    let left = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (read.current.of !== id) {
      read.current = { of: id, next: 0 };
      setLog(EMPTY);
    }
    const look = async (): Promise<void> => {
      try {
        const piece = await jobLog(id, read.current.next);
        if (left) return;
        const isWhole = over && piece.next === read.current.next;
        read.current.next = piece.next;
        setLog((before) => ({ lines: [...before.lines, ...piece.lines], error: null, isWhole }));
        if (!isWhole) timer = setTimeout(look, piece.lines.length ? 0 : EVERY_MS);
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
