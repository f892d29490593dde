type Props = {
  label: string;
  /** Fraction of the limit that is used; null where that is not known or there is no limit. */
  used: number | null;
  /** The same in words: "0.40 % of 2.00 %". */
  text: string;
};

const NEAR = 0.8;

/** How much of a limit is used: a bar, and the numbers beside it. */
export function UseBar({ label, used, text }: Props) {
  const share = used === null ? 0 : Math.min(1, Math.max(0, used));
  const tone = share >= 1 ? "bg-danger" : share >= NEAR ? "bg-warn" : "bg-accent";
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span className="text-muted">{label}</span>
        <span className="tabular-nums">{text}</span>
      </div>
      <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full border border-border bg-page">
        <div className={`h-full ${tone}`} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
