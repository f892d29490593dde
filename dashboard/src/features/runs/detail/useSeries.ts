import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Problem } from "@/api/problem";
import { type Columns, withFiner } from "@/charts/columns";
import { columnsOf } from "@/charts/columnsOf";
import { bucketsFor, type Span, tileFor } from "@/charts/tiles";
import { seriesQuery } from "../queries";

const CURVES = "equity,benchmark,drawdown";
const WITH_BARS = `${CURVES},bars`;

type Series = {
  columns: Columns | null;
  error: unknown;
  /** Why there is no price, or null. */
  absence: string | null;
  view: Span | null;
  look: (span: Span) => void;
};

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** The curves of a run: the whole in one picture, and what is zoomed into in a finer one when it has come. */
export function useSeries(id: string, symbol: string | undefined, first: Span | null): Series {
  const [view, look] = useState<Span | null>(first);
  const most = bucketsFor(Math.min(window.innerWidth, 1_600), window.devicePixelRatio);
  const full = useQuery(seriesQuery(id, { names: WITH_BARS, symbol, max_points: most }));
  const isGone = full.error instanceof Problem && !full.error.unanswered;
  const bare = useQuery({ ...seriesQuery(id, { names: CURVES, max_points: most }), enabled: isGone });
  const found = isGone ? bare : full;
  const coarse = useMemo(() => (found.data ? columnsOf(found.data) : null), [found.data]);

  const whole = coarse && { from: coarse.t[0] ?? 0, to: coarse.t.at(-1) ?? 0 };
  const tile = view && whole && !coarse.isRaw ? tileFor(view, whole) : null;
  const finer = useQuery({
    ...seriesQuery(id, {
      names: isGone ? CURVES : WITH_BARS,
      ...(isGone ? {} : { symbol }),
      ...(tile ? { from: iso(tile.from), to: iso(tile.to) } : {}),
      max_points: most,
    }),
    enabled: tile !== null,
    placeholderData: keepPreviousData,
  });
  const fine = tile ? finer.data : undefined;
  const columns = useMemo(() => (coarse && fine ? withFiner(coarse, columnsOf(fine)) : coarse), [coarse, fine]);
  return {
    columns,
    error: isGone ? bare.error : full.error,
    absence: isGone ? `The price is not shown: ${full.error?.message}` : null,
    view,
    look,
  };
}
