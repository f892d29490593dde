import { useState } from "react";
import { Button } from "@/ui/Button";
import { Field, SelectField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { indicatorsOf, KINDS, labelOf, MOST } from "./indicators";

type Props = { lines: string | undefined; onChange: (lines: string | undefined) => void };

const OPTIONS = Object.entries(KINDS).map(([name, { word }]) => [name, word] as const);

/** Which indicators the chart draws beside its curves. */
export function IndicatorMenu({ lines, onChange }: Props) {
  const [name, setName] = useState("sma");
  const [period, setPeriod] = useState(String(KINDS.sma?.period));
  const shown = indicatorsOf(lines);
  const put = (next: string[]) => onChange(next.join(",") || undefined);
  const wanted = `${name}:${Number(period)}`;
  const why = refusal(shown, wanted, period);
  return (
    <details className="relative">
      <summary className="target flex cursor-pointer list-none items-center rounded-md border border-line px-2 text-sm hover:bg-surface">
        Indicators{shown.length ? ` ${shown.length}` : ""}
      </summary>
      <div className="absolute left-0 z-30 mt-1 flex w-64 flex-col gap-3 rounded-md border border-line bg-overlay p-3 shadow-overlay sm:right-0 sm:left-auto">
        {shown.map((each) => (
          <div key={each} className="flex items-center justify-between">
            {labelOf(each)}
            <Button
              look="ghost"
              aria-label={`Remove ${labelOf(each)}`}
              onClick={() => put(shown.filter((other) => other !== each))}
            >
              <Icon name="close" />
            </Button>
          </div>
        ))}
        <SelectField
          label="Indicator"
          options={OPTIONS}
          value={name}
          onChange={({ target }) => {
            setName(target.value);
            setPeriod(String(KINDS[target.value]?.period));
          }}
        />
        <Field
          label="Period in bars"
          inputMode="numeric"
          value={period}
          onChange={(event) => setPeriod(event.target.value)}
        />
        <Button why={why} onClick={() => put([...shown, wanted])}>
          Add to the chart
        </Button>
      </div>
    </details>
  );
}

function refusal(shown: string[], wanted: string, period: string): string | undefined {
  if (!/^[1-9]\d{0,4}$/.test(period)) return "The period is a whole number of bars";
  if (shown.includes(wanted)) return "It is in the chart";
  return shown.length >= MOST ? `At most ${MOST} are told apart` : undefined;
}
