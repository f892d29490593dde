import { percent } from "@/format/percent";
import { Missing } from "@/ui/MetricText";

/** Which share of the expected bars is there, as a bar and a number. */
export function Coverage({ share }: { share: number | null }) {
  if (share === null) return <Missing reason="nobody knows how many bars there should be" />;
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-accent" style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <span className="whitespace-nowrap tabular-nums">{percent(share)}</span>
    </span>
  );
}
