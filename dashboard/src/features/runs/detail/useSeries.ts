import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Problem } from "@/api/problem";
import { type Columns, withFiner, withLines } from "@/charts/columns";
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
  /** Why an indicator cannot be drawn. */
  refused: unknown;
  view: Span | null;
  look: (span: Span) => void;
};

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

type Stretch = { id: string; symbol: string | undefined; most: number; tile: Span | null };

/** Curves over the whole, or over a tile of it; nothing where no names are asked for. */
function useCurves(names: string, { id, symbol, most, tile }: Stretch, isAsked = true) {
  const range = tile ? { from: iso(tile.from), to: iso(tile.to) } : {};
  const query = useQuery({
    ...seriesQuery(id, { names, symbol, ...range, max_points: most }),
    enabled: isAsked && names !== "",
    placeholderData: tile ? keepPreviousData : undefined,
  });
  const isThere = isAsked && names !== "" && query.data !== undefined;
  const columns = useMemo(() => (isThere && query.data ? columnsOf(query.data) : null), [isThere, query.data]);
  return { columns, error: query.error };
}

/**
 * The curves of a run: the whole in one picture, and what is zoomed into in a finer one when it has come. Indicators
 * come beside them, so that adding one leaves what is drawn as it is; where they are null, no price is asked for.
 */
export function useSeries(
  id: string,
  symbol: string | undefined,
  first: Span | null,
  indicators: string | null,
): Series {
  const [view, look] = useState<Span | null>(first);
  const most = bucketsFor(Math.min(window.innerWidth, 1_600), window.devicePixelRatio);
  const whole: Stretch = { id, symbol, most, tile: null };
  const full = useCurves(WITH_BARS, whole, indicators !== null);
  const isGone = indicators === null || (full.error instanceof Problem && !full.error.unanswered);
  const bare = useCurves(CURVES, { ...whole, symbol: undefined }, isGone);
  const coarse = isGone ? bare.columns : full.columns;
  const beside = useCurves(indicators ?? "", whole, !isGone);

  const ends = coarse && { from: coarse.t[0] ?? 0, to: coarse.t.at(-1) ?? 0 };
  const tile = view && ends && !coarse.isRaw ? tileFor(view, ends) : null;
  const part: Stretch = { ...whole, symbol: isGone ? undefined : symbol, tile };
  const fine = useCurves(isGone ? CURVES : WITH_BARS, part, tile !== null).columns;
  const fineBeside = useCurves(indicators ?? "", part, tile !== null && !isGone).columns;
  const columns = useMemo(() => {
    if (!coarse) return null;
    const joined = withLines(coarse, beside.columns);
    return fine ? withFiner(joined, withLines(fine, fineBeside)) : joined;
  }, [coarse, beside.columns, fine, fineBeside]);
  return {
    columns,
    error: isGone ? bare.error : full.error,
    absence: isGone && full.error ? `The price is not shown: ${full.error.message}` : null,
    refused: beside.error,
    view,
    look,
  };
}
