import { useId, useState } from "react";
import { Missing } from "./MetricText";

/** One answer of the trust bar, as the server states it. */
export type TrustChip = {
  key: string;
  state: "ok" | "notice" | "warn" | "fail" | "not_computed";
  label: string;
  value: string;
  sentence: string;
};

type Look = { mark: string; word: string; colour: string; edge: string };

/** Mark, word, colour and edge of each state; the mark and the word tell it without the colour. */
export const STATES: Record<TrustChip["state"], Look> = {
  ok: { mark: "✓", word: "ok", colour: "text-ok", edge: "border-line" },
  notice: { mark: "·", word: "notice", colour: "text-accent", edge: "border-border" },
  warn: { mark: "!", word: "warning", colour: "text-warn", edge: "border-warn" },
  fail: { mark: "✕", word: "fails", colour: "text-danger", edge: "border-2 border-danger" },
  not_computed: { mark: "–", word: "not computed", colour: "text-muted", edge: "border-dashed border-border" },
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
              className={`target flex max-w-full items-center gap-1.5 rounded-md border bg-page px-2 py-1 text-left text-sm ${STATES[chip.state].edge} ${STATES[chip.state].colour}`}
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
            <span className={STATES[opened.state].colour}>
              {STATES[opened.state].mark} {opened.label}, {STATES[opened.state].word}:
            </span>{" "}
            {opened.sentence}
          </p>
        )}
      </div>
    </section>
  );
}

/** The mark of a state before a number or a sentence; its word is read out. */
export function StateMark({ state }: { state: TrustChip["state"] }) {
  const { mark, word, colour } = STATES[state];
  return (
    <span className={colour} title={word}>
      <span aria-hidden="true">{mark} </span>
      <span className="sr-only">{word}: </span>
    </span>
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
  if (!chips) return <Missing reason="the run was kept before its trust bar was" />;
  const { state, count, labels } = worstOf(chips);
  return (
    <span title={labels} className={`whitespace-nowrap ${STATES[state].colour}`}>
      <span aria-hidden="true" className="font-semibold">
        {STATES[state].mark}{" "}
      </span>
      {state === "ok" ? "ok" : `${count} ${count === 1 ? STATES[state].word : PLURAL[state]}`}
      <span className="sr-only">: {labels}</span>
    </span>
  );
}
