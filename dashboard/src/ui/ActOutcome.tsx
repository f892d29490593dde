import type { ActResult } from "@/api/acts";
import { StatusPill, type Tone } from "./StatusPill";

const TONES: Record<string, Tone> = {
  filled: "ok",
  cancelled: "ok",
  expired: "off",
  replaced: "off",
  rejected: "fail",
  unknown: "fail",
};

/** The state of an order as the venue has it; where it has not said, that is what is said. */
const word = (state: string): string => (state === "unknown" ? "outcome unknown" : state);

/** What came of an act, order by order; without an answer nobody knows, and nothing is sent again. */
export function ActOutcome({ result }: { result: ActResult | null }) {
  if (!result) {
    return (
      <div role="alert" className="flex flex-col gap-2 rounded-md border border-danger p-3">
        <StatusPill tone="fail" word="Outcome unknown" />
        <p>
          It was sent, and no answer came: whether it was done is not known. It is not sent again from here. Positions
          and orders show what became of it as soon as the server answers.
        </p>
      </div>
    );
  }
  return (
    <div role="status" className="flex min-w-0 flex-col gap-3">
      <StatusPill tone={result.done ? "ok" : "busy"} word={result.done ? "Done" : "It goes on"} />
      <p>{result.sentence}</p>
      {result.results.length > 0 && (
        <ul aria-label="Result by order" className="flex flex-col divide-y divide-line border-line border-y">
          {result.results.map(({ order_id, symbol, state, sentence }) => (
            <li key={order_id} className="flex flex-wrap items-baseline gap-x-3 py-1.5">
              <span className="min-w-16 font-medium">{symbol}</span>
              <StatusPill tone={TONES[state] ?? "busy"} word={word(state)} />
              <span className="min-w-0 grow basis-48 text-muted">{sentence}</span>
              <code className="break-all text-muted text-xs">{order_id}</code>
            </li>
          ))}
        </ul>
      )}
      {result.left.length > 0 && <p className="text-danger">Still there: {result.left.join(", ")}.</p>}
      {result.notes.map((note) => (
        <p key={note} className="text-muted">
          {note}
        </p>
      ))}
    </div>
  );
}
