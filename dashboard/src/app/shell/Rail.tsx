import { Link } from "@tanstack/react-router";
import { Icon } from "@/ui/Icon";
import { prefer, usePreferences } from "@/ui/preferences";
import { type Entry, MENU } from "./menu";
import { useCounts } from "./underWay";

const GROUPS = ["", "Research", "Trading", "Watch"] as const;

/** The pages at the left edge: icons with words, or icons alone when it is folded. */
export function Rail() {
  const folded = usePreferences().rail === "folded";
  const settings = MENU.find((entry) => entry.icon === "settings");
  return (
    <nav
      aria-label="Main"
      className={`sticky top-0 hidden h-dvh shrink-0 flex-col overflow-y-auto border-line border-r bg-surface py-2 md:flex ${folded ? "w-14" : "w-48"}`}
    >
      <div className={`mb-2 flex h-8 items-center gap-2 font-semibold text-lg ${folded ? "justify-center" : "px-4"}`}>
        <img src="/icon.svg" alt="" className="size-5" />
        {!folded && "Tradewright"}
      </div>
      {GROUPS.map((group) => (
        <Group
          key={group}
          name={group}
          folded={folded}
          entries={MENU.filter((entry) => entry.group === group && entry !== settings)}
        />
      ))}
      <div className="mt-auto pt-4">
        {settings && <RailLink entry={settings} folded={folded} />}
        <button
          type="button"
          aria-expanded={!folded}
          className={`flex h-8 w-full items-center gap-2.5 text-muted hover:text-text ${folded ? "justify-center" : "px-4"}`}
          onClick={() => prefer("rail", folded ? "open" : "folded")}
        >
          <Icon name={folded ? "unfold" : "fold"} />
          <span className={folded ? "sr-only" : ""}>{folded ? "Show the words" : "Fold"}</span>
        </button>
      </div>
    </nav>
  );
}

function Group({ name, entries, folded }: { name: string; entries: readonly Entry[]; folded: boolean }) {
  if (entries.length === 0) return null;
  return (
    <div className="mb-2">
      {name && (
        <p className={`pt-2 pb-1 font-semibold text-muted text-xs ${folded ? "sr-only" : "px-4"}`} aria-hidden="true">
          {name}
        </p>
      )}
      <ul>
        {entries.map((entry) => (
          <li key={entry.to}>
            <RailLink entry={entry} folded={folded} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function RailLink({ entry, folded }: { entry: Entry; folded: boolean }) {
  const counts = useCounts();
  const count = counts[entry.to];
  return (
    <Link
      to={entry.to}
      activeOptions={{ exact: entry.to === "/", includeSearch: false }}
      title={folded ? entry.label : undefined}
      className={`relative flex h-8 items-center gap-2.5 border-transparent border-l-3 hover:bg-page ${folded ? "justify-center pr-0.5" : "px-3.25"}`}
      activeProps={{ className: "border-l-accent! bg-page font-semibold", "aria-current": "page" }}
    >
      <Icon name={entry.icon} />
      <span className={folded ? "sr-only" : ""}>{entry.label}</span>
      {count && (
        <span
          className={`rounded-full px-1.5 text-xs tabular-nums ${count.urgent ? "bg-danger text-on-danger" : "border border-border text-muted"} ${folded ? "absolute top-0 right-1" : "ml-auto"}`}
        >
          {count.value}
          <span className="sr-only"> {count.word}</span>
        </span>
      )}
    </Link>
  );
}
