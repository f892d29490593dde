import { useQuery } from "@tanstack/react-query";
import { useEffect, useId } from "react";
import { Field, SelectField, tied } from "@/ui/Field";
import { FieldGroup } from "@/ui/FieldGroup";
import { type Draft, isIntraday, symbolsOf, withSource } from "./draft";
import type { ChangeDraft } from "./NewRunPage";
import { storedQuery } from "./queries";

const SOURCES = [
  ["store", "the store"],
  ["synthetic", "a made-up market"],
] as const;

const HOURS = [
  ["", "as stored"],
  ["regular", "of the exchange"],
  ["extended", "also before and after"],
] as const;

const MOST_OFFERED = 60;

type Props = { draft: Draft; change: ChangeDraft; replace: (draft: Draft) => void };

/** What it runs over: stored bars, or a market that is made up. */
export function DataFields({ draft, change, replace }: Props) {
  const list = useId();
  const input = tied(draft, change);
  const query = useQuery(storedQuery());
  const stored = query.data?.items ?? [];
  const isEmpty = query.data?.total === 0;
  useEffect(() => {
    if (isEmpty && draft.source === "store") replace(withSource(draft, "synthetic"));
  }, [isEmpty, draft, replace]);
  const chosen = symbolsOf(draft.symbols);
  const offered = [...new Set(stored.filter((each) => each.timeframe === draft.timeframe).map((each) => each.symbol))];
  const frames = [...new Set(["1d", ...stored.map((each) => each.timeframe)])];
  const toggle = (symbol: string) =>
    change({
      symbols: (chosen.includes(symbol) ? chosen.filter((each) => each !== symbol) : [...chosen, symbol]).join(", "),
    });
  return (
    <FieldGroup
      title="Data"
      note={
        isEmpty ? (
          <>
            Nothing is stored yet, so the market is made up; <code>tradewright data import</code> stores files.
          </>
        ) : undefined
      }
    >
      <SelectField
        label="Bars of"
        value={draft.source}
        options={isEmpty ? SOURCES.slice(1) : SOURCES}
        onChange={(event) => replace(withSource(draft, event.target.value as Draft["source"]))}
      />
      <Field
        label="Symbols"
        hint={draft.source === "store" ? "with commas between" : "any name"}
        list={list}
        required
        {...input("symbols")}
      />
      <SelectField
        label="Timeframe"
        {...input("timeframe")}
        options={(draft.source === "store" ? frames : ["1d", "1h", "1m"]).map((each) => [each, each] as const)}
      />
      {draft.source === "store" && (
        <>
          <Field label="From" type="date" hint="empty: from the first bar" {...input("start")} />
          <Field label="To" type="date" hint="empty: to the last bar" {...input("end")} />
          <Field label="As known on" type="date" hint="empty: all that is known now" {...input("asOf")} />
          {isIntraday(draft.timeframe) && <SelectField label="Hours" options={HOURS} {...input("hours")} />}
        </>
      )}
      <datalist id={list}>
        {offered.map((symbol) => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
      {draft.source === "store" && offered.length > 0 && (
        <ul aria-label="Stored symbols" className="flex flex-wrap gap-1.5 sm:col-span-2 xl:col-span-3">
          {offered.slice(0, MOST_OFFERED).map((symbol) => (
            <li key={symbol}>
              <button
                type="button"
                aria-pressed={chosen.includes(symbol)}
                className="target rounded-md border border-line px-2 text-sm hover:bg-surface aria-pressed:border-accent aria-pressed:text-accent"
                onClick={() => toggle(symbol)}
              >
                {chosen.includes(symbol) ? "✓ " : ""}
                {symbol}
              </button>
            </li>
          ))}
          {offered.length > MOST_OFFERED && (
            <li className="text-muted text-sm">and {offered.length - MOST_OFFERED} more</li>
          )}
        </ul>
      )}
    </FieldGroup>
  );
}
