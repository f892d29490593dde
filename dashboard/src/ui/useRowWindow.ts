import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

/** Rows that are drawn: from the first up to, and without, the last. */
export type RowWindow = { first: number; stop: number };

const BEYOND = 8;
const MOST = 60;
const USUAL_HEIGHT = 33;

/** Which rows of a long list stand in a box that was scrolled so far, with a few beyond its edges. */
export function windowAt(scrolled: number, seen: number, height: number, total: number): RowWindow {
  const count = Math.min(MOST, Math.ceil(seen / height) + 2 * BEYOND);
  const first = Math.max(0, Math.min(Math.floor(scrolled / height) - BEYOND, total - count));
  return { first, stop: Math.min(total, first + count) };
}

/** Where a box has to be scrolled so that a row stands in it, below a head of that height. */
export function scrolledTo(index: number, scrolled: number, seen: number, height: number, head: number): number {
  const top = index * height;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + height + head - seen);
}

type Box = RefObject<HTMLElement | null>;

/** The rows to draw of a list that scrolls in a box; all of them are as high as the ones that are drawn. */
export function useRowWindow(box: Box, total: number) {
  const [height, setHeight] = useState(USUAL_HEIGHT);
  const [drawn, setDrawn] = useState<RowWindow>(() => windowAt(0, 0, USUAL_HEIGHT, total));
  const look = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const next = windowAt(element.scrollTop, element.clientHeight, height, total);
    setDrawn((known) => (known.first === next.first && known.stop === next.stop ? known : next));
  }, [box, height, total]);
  useLayoutEffect(() => {
    const rows = box.current?.querySelectorAll<HTMLElement>("tbody tr[data-row]");
    const [top, bottom] = [rows?.[0], rows?.[rows.length - 1]];
    if (!rows || !top || !bottom) return;
    const measured = (bottom.getBoundingClientRect().bottom - top.getBoundingClientRect().top) / rows.length;
    if (measured > 0 && Math.abs(measured - height) > 0.01) setHeight(measured);
  });
  useEffect(() => {
    look();
    if (!box.current) return;
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, look]);
  const reveal = (index: number): void => {
    const element = box.current;
    if (!element) return;
    const head = element.querySelector("thead")?.offsetHeight ?? 0;
    element.scrollTop = scrolledTo(index, element.scrollTop, element.clientHeight, height, head);
    look();
  };
  return { drawn, height, look, reveal };
}
