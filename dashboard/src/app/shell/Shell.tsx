import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "@/api/auth";
import { stream } from "@/api/stream/live";
import { Announcer } from "@/ui/Announcer";
import { BottomBar } from "./BottomBar";
import { ConnectionBar } from "./ConnectionBar";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { useFollowedNow } from "./underWay";
import { useJobEnds } from "./useJobEnds";
import { useKeys } from "./useKeys";

const OVERLAYS = [() => import("./Palette"), () => import("./StopPanel"), () => import("./KeyList")] as const;
const Palette = lazy(() => OVERLAYS[0]().then((module) => ({ default: module.Palette })));
const StopPanel = lazy(() => OVERLAYS[1]().then((module) => ({ default: module.StopPanel })));
const KeyList = lazy(() => OVERLAYS[2]().then((module) => ({ default: module.KeyList })));

/** Overlays are fetched before they are asked for: the Stop panel must open when the server is away. */
function useOverlaysAtHand(): void {
  useEffect(() => {
    for (const fetch of OVERLAYS) fetch().catch(() => undefined);
  }, []);
}

/** After going to another page the focus stands at its start, where a reader begins. */
function useFocusOnPage(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return main;
}

/** Who is no longer signed in goes to sign in, and comes back to the same address. */
function useSignInAgain(): void {
  const gone = useSession() === null;
  const navigate = useNavigate();
  const href = useRouterState({ select: (state) => state.location.href });
  useEffect(() => {
    if (gone && !href.startsWith("/sign-in")) void navigate({ to: "/sign-in", search: { to: href }, replace: true });
  }, [gone, href, navigate]);
}

/** What stands around every page: rail or bottom bar, top bar, what is read out, and the overlays of all pages. */
export function Shell() {
  useOverlaysAtHand();
  const [overlay, setOverlay] = useState<"palette" | "keys" | "stop" | null>(null);
  const main = useFocusOnPage();
  const close = useCallback(() => setOverlay(null), []);
  const palette = useCallback(() => setOverlay("palette"), []);
  const keyList = useCallback(() => setOverlay("keys"), []);
  const stop = useCallback(() => setOverlay("stop"), []);
  useSignInAgain();
  useFollowedNow();
  useJobEnds();
  useKeys({ palette, keyList, stop });
  useEffect(() => {
    stream.start();
    return () => stream.stop();
  }, []);
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        To the content
      </a>
      <Rail />
      <div className="flex min-w-0 grow flex-col">
        <TopBar onPalette={palette} onStop={stop} />
        <ConnectionBar />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto flex w-full max-w-[110rem] grow flex-col gap-4 p-4 pb-20 outline-none md:p-6"
        >
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Announcer />
      <Suspense>
        {overlay === "palette" && <Palette onClose={close} />}
        {overlay === "stop" && <StopPanel onClose={close} />}
        {overlay === "keys" && <KeyList onClose={close} />}
      </Suspense>
    </div>
  );
}
