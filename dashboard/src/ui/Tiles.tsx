import { Missing } from "./MetricText";
import { STATES, StateMark, type TrustChip } from "./TrustBar";

/** One number of the row that a study is introduced with, as the server writes it. */
export type Tile = {
  key: string;
  label: string;
  text: string;
  value: number | null;
  aside: string | null;
  reason: string | null;
  state?: TrustChip["state"] | null;
};

type Props = {
  label: string;
  tiles: readonly Tile[];
  /** Nothing is final yet: the first number is grey. */
  isOpen?: boolean;
  unreliable?: boolean;
};

/** Numbers that only together say something: none of them is ever shown alone. */
export function Tiles({ label, tiles, isOpen = false, unreliable = false }: Props) {
  return (
    <dl
      aria-label={label}
      className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] max-sm:[&>:last-child:nth-child(odd)]:col-span-2"
    >
      {tiles.map((tile, index) => (
        <div key={tile.key} className="flex min-w-0 flex-col gap-0.5 bg-page px-4 py-2.5">
          <dt className="text-muted text-sm">{tile.label}</dt>
          <dd
            className={`font-semibold text-xl tabular-nums ${isOpen && !index ? "text-muted" : ""} ${unreliable && !index ? "unreliable" : ""}`}
          >
            {tile.state && <StateMark state={tile.state} />}
            {tile.reason ? <Missing reason={tile.reason} /> : tile.text}
          </dd>
          {tile.aside && <dd className="text-muted text-sm">{tile.aside}</dd>}
        </div>
      ))}
    </dl>
  );
}

type VerdictProps = { verdict: { state: TrustChip["state"]; word: string; sentence: string } };

/** What the numbers say together: a word and a sentence. */
export function VerdictLine({ verdict }: VerdictProps) {
  const { mark, colour } = STATES[verdict.state];
  return (
    <p>
      <strong className={colour}>
        {mark} {verdict.word}
      </strong>{" "}
      {verdict.sentence}
    </p>
  );
}
