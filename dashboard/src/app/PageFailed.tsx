import type { ErrorComponentProps } from "@tanstack/react-router";

/** A page that could not be shown: its one sentence, and the way to try again. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div role="alert" className="flex flex-col items-start gap-2 p-6">
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="text-accent underline" onClick={reset}>
        Try again
      </button>
    </div>
  );
}
