import { type Amount, NOT_AVAILABLE, signOf } from "@/format/decimal";

type Props<Value extends Amount> = {
  value: Value;
  as: (value: Value) => string;
  /** Why there is none. */
  reason?: string | null;
  /** A gain or a loss: sign, arrow and colour. */
  change?: boolean;
  /** Under a failed check. */
  unreliable?: boolean;
  className?: string;
};

/** The only place that prints a number: the short text to read, the full value on hover, the reason where there is none. */
export function Num<Value extends Amount>({ value, as, reason, change, unreliable, className = "" }: Props<Value>) {
  const text = as(value);
  if (text === NOT_AVAILABLE) {
    return (
      <span className={`text-muted ${className}`} title={reason ?? undefined}>
        {NOT_AVAILABLE}
        {reason && <span className="sr-only"> ({reason})</span>}
      </span>
    );
  }
  const sign = change ? signOf(value) : 0;
  const colour = sign > 0 ? "text-gain" : sign < 0 ? "text-loss" : "";
  return (
    <span
      className={`whitespace-nowrap tabular-nums ${colour} ${unreliable ? "unreliable" : ""} ${className}`}
      title={String(value)}
    >
      {text}
      {sign !== 0 && <span aria-hidden="true">{sign > 0 ? " ▲" : " ▼"}</span>}
    </span>
  );
}
