import { StateMark } from "@/ui/TrustBar";
import type { WalkView } from "../queries";

/** What to know before a study is believed, each in a sentence. */
export function Warnings({ warnings }: { warnings: WalkView["warnings"] }) {
  if (!warnings.length) return null;
  return (
    <ul aria-label="Warnings" className="flex flex-col gap-1">
      {warnings.map((warning) => (
        <li key={warning.code}>
          <StateMark state={warning.severity} />
          {warning.sentence}
        </li>
      ))}
    </ul>
  );
}
