import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ParallelPlot } from "@/charts/ParallelPlot";
import type { ParallelData, Range } from "@/charts/parallel";
import { Button } from "@/ui/Button";
import { Field, SelectField } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import type { ChangeSearch } from "../detail/RunPage";
import type { RunSearch } from "../detail/search";
import { type RunDetail, searchLinesQuery } from "../queries";
import { rangesOf, withinOf } from "./ranges";

type Props = { run: RunDetail; search: RunSearch; change: ChangeSearch };

/** Every trial as a line; ranges drawn on the axes, or typed, keep the table to what lies within. */
export function TrialLines({ run, search, change }: Props) {
  const query = useQuery(searchLinesQuery(run.id));
  const ranges = rangesOf(search.ranges);
  const keep = (next: Range[]) => change({ ranges: withinOf(next), page: undefined });
  return (
    <section aria-label="Parallel coordinates" className="flex min-w-0 flex-col gap-3">
      <Loaded query={query} rows={10} waitingFor="the lines">
        {(found) => (
          <>
            <ParallelPlot
              data={found}
              summary={`${found.sentence} Colour follows the last axis. Draw along an axis to keep the table to what runs through.`}
              ranges={ranges}
              onRanges={keep}
            />
            <div className="flex flex-wrap items-end gap-3">
              <RangeForm
                axes={found.axes}
                onAdd={(range) => keep([...ranges.filter(({ name }) => name !== range.name), range])}
              />
              <Kept axes={found.axes} ranges={ranges} onChange={keep} />
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

type Axes = ParallelData["axes"];

function Kept({ axes, ranges, onChange }: { axes: Axes; ranges: Range[]; onChange: (ranges: Range[]) => void }) {
  if (!ranges.length) return null;
  const said = ({ name, low, high }: Range) => {
    const axis = axes.find((each) => each.name === name);
    return `${axis?.label ?? name} ${low} to ${high}`;
  };
  return (
    <ul aria-label="Ranges" className="flex flex-wrap gap-2">
      {ranges.map((range) => (
        <li key={range.name}>
          <Button
            aria-label={`Take away the range ${said(range)}`}
            onClick={() => onChange(ranges.filter((each) => each !== range))}
          >
            {said(range)} ✕
          </Button>
        </li>
      ))}
    </ul>
  );
}

function RangeForm({ axes, onAdd }: { axes: Axes; onAdd: (range: Range) => void }) {
  const numeric = axes.filter((axis) => !axis.categories);
  const [name, setName] = useState(numeric.at(-1)?.name ?? "");
  const [low, setLow] = useState("");
  const [high, setHigh] = useState("");
  const add = (event: FormEvent) => {
    event.preventDefault();
    onAdd({ name, low: Number(low), high: Number(high) });
  };
  return (
    <form className="flex flex-wrap items-end gap-2" onSubmit={add}>
      <SelectField
        label="Keep trials with"
        value={name}
        options={numeric.map((axis) => [axis.name, axis.label] as const)}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="w-24">
        <Field
          label="from"
          type="number"
          step="any"
          required
          value={low}
          onChange={(event) => setLow(event.target.value)}
        />
      </div>
      <div className="w-24">
        <Field
          label="to"
          type="number"
          step="any"
          required
          value={high}
          onChange={(event) => setHigh(event.target.value)}
        />
      </div>
      <Button type="submit">Keep</Button>
    </form>
  );
}
