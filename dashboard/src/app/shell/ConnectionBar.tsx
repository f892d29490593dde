import { lastAnswer, useAnswers } from "@/api/reach";
import { useStreamState } from "@/api/stream/live";
import { clock, localZone } from "@/format/time";
import { StatusPill } from "@/ui/StatusPill";

/** How current the screen is, in the top bar. */
export function ConnectionState() {
  const answers = useAnswers();
  const stream = useStreamState();
  if (!answers) return <StatusPill tone="fail" word="offline" terse />;
  if (stream === "live") return <StatusPill tone="ok" word="live" title="Changes arrive as they happen." terse />;
  const asked = "The stream is not connected: the server is asked every 10 s instead.";
  return <StatusPill tone="wait" word="every 10 s" title={asked} terse />;
}

/** Across the page when nothing answers: since when what is shown is old. */
export function ConnectionBar() {
  const answers = useAnswers();
  if (answers) return null;
  const since = clock(lastAnswer(), localZone(), true);
  return (
    <div role="status" className="border-danger border-b bg-surface px-4 py-2">
      <StatusPill tone="fail" word={since ? `Offline, as of ${since[1]}` : "Offline"} />{" "}
      <span className="text-muted">
        The server does not answer; what is shown is kept from before. On its machine, `tradewright serve` starts it.
      </span>
    </div>
  );
}
