import { localZone, placeOf } from "@/format/time";
import { Panel } from "@/ui/Panel";
import { choices, type Preferences, prefer, usePreferences } from "@/ui/preferences";

type Name = "theme" | "zone" | "density" | "gainLoss" | "keys";

const QUESTIONS: Record<Name, string> = {
  theme: "Theme",
  zone: "Times are shown in",
  density: "Rows",
  gainLoss: "Gain and loss",
  keys: "Single keys (g o, j, k, t, /)",
};
const WORDS: Record<string, string> = {
  system: "as the system",
  light: "light",
  dark: "dark",
  exchange: "the exchange's zone",
  local: `local time (${placeOf(localZone())})`,
  utc: "UTC",
  normal: "normal",
  compact: "compact",
  "blue-orange": "blue and orange",
  "green-red": "green and red",
  "red-green": "red and green",
  on: "on",
  off: "off",
};

/** Theme, zone, density, colours and keys; each choice holds at once. */
export function Looks() {
  return (
    <Panel title="Looks" note="kept in this browser" className="max-w-3xl">
      <div className="flex flex-col gap-4">
        {(Object.keys(QUESTIONS) as Name[]).map((name) => (
          <Choice key={name} name={name} />
        ))}
        <p className="border-line border-t pt-3">
          So a gain reads <span className="text-gain tabular-nums">+312.75 ▲</span> and a loss{" "}
          <span className="text-loss tabular-nums">−41.10 ▼</span>: sign and arrow say it, whatever the colour.
        </p>
      </div>
    </Panel>
  );
}

function Choice({ name }: { name: Name }) {
  const preferences = usePreferences();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium">{QUESTIONS[name]}</legend>
      <div className="flex flex-wrap gap-2">
        {choices[name].map((value) => (
          <label
            key={value}
            className="target inline-flex cursor-pointer items-center gap-2 rounded-md border border-border px-3 has-checked:border-accent has-checked:bg-surface has-checked:font-semibold has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              className="accent-accent"
              checked={preferences[name] === value}
              onChange={() => prefer(name, value as Preferences[Name])}
            />
            {WORDS[value]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
