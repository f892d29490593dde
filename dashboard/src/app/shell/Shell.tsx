import { Outlet } from "@tanstack/react-router";

/** What stands around every page. */
export function Shell() {
  return (
    <main id="main">
      <Outlet />
    </main>
  );
}
