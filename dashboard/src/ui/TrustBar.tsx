import { useId, useState } from "react";

/** One answer of the trust bar, as the server states it. */
export type TrustChip = {
  key: string;
  state: "ok" | "notice" | "warn" | "fail" | "not_computed";
  label: string;
  value: string;
  sentence: string;
};

/** Mark, word and colours of each state; the mark and the word tell it without the colour. */
export const STATES: Record<TrustChip["state"], { mark: string; word: string; look: string }> = {
  ok: { mark: "✓", word: "ok", look: "border-line text-ok" },
  notice: { mark: "·", word: "notice", look: "border-border text-accent" },
  warn: { mark: "!", word: "warning", look: "border-warn text-warn" },
  fail: { mark: "✕", word: "fails", look: "border-2 border-danger text-danger" },
  not_computed: { mark: "–", word: "not computed", look: "border-dashed border-border text-muted" },
};

const PLURAL: Record<TrustChip["state"], string> = {
  ok: "ok",
  notice: "notices",
  warn: "warnings",
  fail: "fail",
  not_computed: "not computed",
};

type Props = { chips: readonly TrustChip[]; label?: string };

/** How far a result can be believed: every chip in fixed order, its sentence one click away. */
export function TrustBar({ chips, label = "Trust" }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const note = useId();
  const opened = chips.find((chip) => chip.key === open);
  return (
    <section aria-label={label} className="flex flex-col gap-2">
      <ul className="flex flex-wrap gap-2">
        {chips.map((chip) => (
          <li key={chip.key} className="max-w-full">
            <button
              type="button"
              className={`target flex max-w-full items-center gap-1.5 rounded-md border bg-page px-2 py-1 text-left text-sm ${STATES[chip.state].look}`}
              title={chip.sentence}
              aria-expanded={chip.key === open}
              aria-controls={note}
              onClick={() => setOpen(chip.key === open ? null : chip.key)}
            >
              <span aria-hidden="true" className="w-3 text-center font-semibold">
                {STATES[chip.state].mark}
              </span>
              <span className="sr-only">{STATES[chip.state].word}:</span>
              <span className="text-muted">{chip.label}</span>
              <span className="min-w-0 break-words font-medium text-text">{chip.value}</span>
            </button>
          </li>
        ))}
      </ul>
      <div id={note} className="text-sm">
        {opened && (
          <p>
            <span className={STATES[opened.state].look.replace(/border\S*/g, "")}>
              {STATES[opened.state].mark} {opened.label}, {STATES[opened.state].word}:
            </span>{" "}
            {opened.sentence}
          </p>
        )}
      </div>
    </section>
  );
}

/** The gravest state of a trust bar and how many chips are in it, for a cell of a table. */
export function worstOf(chips: readonly TrustChip[]): { state: TrustChip["state"]; count: number; labels: string } {
  const order: TrustChip["state"][] = ["fail", "warn", "not_computed", "notice", "ok"];
  const state = order.find((each) => chips.some((chip) => chip.state === each)) ?? "not_computed";
  const found = chips.filter((chip) => chip.state === state);
  return { state, count: found.length, labels: found.map((chip) => `${chip.label} ${chip.value}`).join("; ") };
}

/** The gravest state of a trust bar in a cell: mark, word and what it is about. */
export function TrustCell({ chips }: { chips: readonly TrustChip[] | null }) {
  if (!chips) return <Unkept />;
  const { state, count, labels } = worstOf(chips);
  return (
    <span title={labels} className={`whitespace-nowrap ${STATES[state].look.replace(/border\S*/g, "")}`}>
      <span aria-hidden="true" className="font-semibold">
        {STATES[state].mark}{" "}
      </span>
      {state === "ok" ? "ok" : `${count} ${count === 1 ? STATES[state].word : PLURAL[state]}`}
      <span className="sr-only">: {labels}</span>
    </span>
  );
}

function Unkept() {
  const reason = "The run was kept before its trust bar was";
  return (
    <span title={reason} className="text-muted">
      n/a<span className="sr-only">: {reason}</span>
    </span>
  );
}
