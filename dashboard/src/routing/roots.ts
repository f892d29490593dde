import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { currentSession, isSignedIn } from "@/api/auth";

/** What every loader gets: `context.queries.ensureQueryData(…)`. */
export type RouterContext = { queries: QueryClient };

/** The root of all routes; `app/router` gives it its looks. */
export const rootRoute = createRootRouteWithContext<RouterContext>()();

/** The parent of every page inside the shell: whoever is not signed in is sent to sign in, and back here after it. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: async ({ location }) => {
    const signedIn = await isSignedIn();
    if (!signedIn || currentSession()?.mustChange) {
      throw redirect({ to: "/sign-in", search: { to: location.href }, replace: true });
    }
  },
});
