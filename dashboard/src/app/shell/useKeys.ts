import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { usePreferences } from "@/ui/preferences";
import { MENU } from "./menu";
import { nextZone } from "./TopBar";

const CHORD_MS = 1_200;
const EDITABLE = "input, textarea, select, [contenteditable]";

type Actions = { palette: () => void; keyList: () => void; stop: () => void };

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(EDITABLE) !== null;

/** Whether an overlay is open, which has keys of its own. */
const isCovered = (): boolean => document.querySelector("[role=dialog], [role=alertdialog]") !== null;

function toFilters(): void {
  document.querySelector<HTMLElement>(`[data-filters] :is(${EDITABLE})`)?.focus();
}

/** The keys of the whole dashboard. None of them changes anything that matters; inside inputs they are letters. */
export function useKeys({ palette, keyList, stop }: Actions): void {
  const navigate = useNavigate();
  const { keys, zone } = usePreferences();
  const chord = useRef(0);
  useEffect(() => {
    const single = (event: KeyboardEvent): (() => unknown) | undefined => {
      const went = Date.now() - chord.current < CHORD_MS;
      const page = went ? MENU.find((entry) => entry.key === event.key) : undefined;
      if (page) return () => navigate({ to: page.to });
      const actions: Record<string, () => unknown> = {
        g: () => undefined,
        "?": keyList,
        "/": toFilters,
        t: () => nextZone(zone),
        S: stop,
      };
      return actions[event.key];
    };
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        palette();
        return;
      }
      if (keys === "off" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isCovered())
        return;
      const action = single(event);
      chord.current = event.key === "g" ? Date.now() : 0;
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, palette, keyList, stop, keys, zone]);
}
