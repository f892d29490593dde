import { Link } from "@tanstack/react-router";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <main className="flex flex-col items-start gap-2 p-6">
      <h1 className="font-semibold text-xl">There is no such page</h1>
      <p className="text-muted">The address may be mistyped, or what it led to is gone.</p>
      <Link to="/" className="text-accent underline">
        To the overview
      </Link>
    </main>
  );
}
