import { useQuery } from "@tanstack/react-query";
import { HeatMap } from "@/charts/HeatMap";
import { SelectField } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import type { ChangeSearch } from "../detail/RunPage";
import type { RunSearch } from "../detail/search";
import { type RunDetail, type SearchView, searchMapQuery } from "../queries";

type Props = { run: RunDetail; view: SearchView; search: RunSearch; change: ChangeSearch };

/** The trials over two parameters; the others by their median, their best, or held at a value. */
export function TrialMap({ run, view, search, change }: Props) {
  const varied = view.params.filter((param) => param.is_varied).map((param) => param.name);
  const { x, y, value, cells, hold } = search;
  const query = useQuery({ ...searchMapQuery(run.id, { x, y, value, cells, hold }), enabled: varied.length > 1 });
  if (varied.length < 2) {
    return <p className="text-muted">A heat-map needs two parameters that vary; the trials are listed below.</p>;
  }
  const pick = (trial: number) => change({ picked: toggled(search.picked ?? [], trial) });
  return (
    <section aria-label="Heat-map" className="flex min-w-0 flex-col gap-3">
      <Loaded query={query} rows={12} waitingFor="the heat-map">
        {(found) => (
          <>
            <div className="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
              <Axis
                label="Across"
                value={found.x.name}
                among={varied}
                onChange={(next) => change(swapped(found, { x: next }))}
              />
              <Axis
                label="Upward"
                value={found.y.name}
                among={varied}
                onChange={(next) => change(swapped(found, { y: next }))}
              />
              <SelectField
                label="Shows"
                value={found.value.key}
                options={view.values.map((each) => [each.key, each.label] as const)}
                onChange={(event) => change({ value: event.target.value })}
              />
              {varied.length > 2 && (
                <SelectField
                  label="Of a cell"
                  value={cells ?? "median"}
                  options={[
                    ["median", "the median trial"],
                    ["best", "the best trial"],
                  ]}
                  onChange={(event) => change({ cells: event.target.value === "best" ? "best" : undefined })}
                />
              )}
              {view.params
                .filter((param) => param.is_varied && param.name !== found.x.name && param.name !== found.y.name)
                .map((param) => (
                  <Held key={param.name} param={param} hold={hold ?? []} onChange={(next) => change({ hold: next })} />
                ))}
            </div>
            <HeatMap data={found} summary={found.sentence} onPick={pick} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function toggled(picked: readonly number[], trial: number): number[] {
  return picked.includes(trial) ? picked.filter((each) => each !== trial) : [...picked, trial];
}

type Axes = { x: { name: string }; y: { name: string } };

/** The other axis gives way where both would be the same; what is held may be an axis now. */
function swapped(found: Axes, chosen: { x?: string; y?: string }): Partial<RunSearch> {
  const x = chosen.x ?? (chosen.y === found.x.name ? found.y.name : found.x.name);
  const y = chosen.y ?? (chosen.x === found.y.name ? found.x.name : found.y.name);
  return { x, y, hold: undefined };
}

type AxisProps = { label: string; value: string; among: string[]; onChange: (value: string) => void };

function Axis({ label, value, among, onChange }: AxisProps) {
  return (
    <SelectField
      label={label}
      value={value}
      options={among.map((name) => [name, name] as const)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type HeldProps = {
  param: SearchView["params"][number];
  hold: string[];
  onChange: (hold: string[] | undefined) => void;
};

function Held({ param, hold, onChange }: HeldProps) {
  const others = hold.filter((each) => !each.startsWith(`${param.name}:`));
  const held = hold.find((each) => each.startsWith(`${param.name}:`))?.slice(param.name.length + 1) ?? "";
  if (!param.values) return null;
  return (
    <SelectField
      label={`${param.name} is`}
      value={held}
      options={[["", "any"], ...param.values.map((each) => [each, `held at ${each}`] as const)]}
      onChange={(event) => {
        const next = event.target.value ? [...others, `${param.name}:${event.target.value}`] : others;
        onChange(next.length ? next : undefined);
      }}
    />
  );
}
