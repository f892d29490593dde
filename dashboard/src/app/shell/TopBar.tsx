import { signOut, useSession } from "@/api/auth";
import { Disclosure } from "@/ui/Disclosure";
import { Icon, type IconName } from "@/ui/Icon";
import { type Preferences, prefer, usePreferences } from "@/ui/preferences";
import { ConnectionState } from "./ConnectionBar";
import { MarketClock } from "./MarketClock";
import { ModeSummary } from "./ModeSummary";

const ZONES: Record<Preferences["zone"], [next: Preferences["zone"], word: string]> = {
  exchange: ["local", "Exchange time"],
  local: ["utc", "Local time"],
  utc: ["exchange", "UTC"],
};
const THEMES: Record<Preferences["theme"], [next: Preferences["theme"], icon: IconName, word: string]> = {
  system: ["light", "system", "Theme of the system"],
  light: ["dark", "sun", "Light theme"],
  dark: ["system", "moon", "Dark theme"],
};

/** Change to the next zone, as the key `t` does. */
export function nextZone(zone: Preferences["zone"]): void {
  prefer("zone", ZONES[zone][0]);
}

const TOOL = "target flex min-w-11 items-center justify-center gap-1.5 rounded-md px-2 hover:bg-page md:min-w-0";

type Props = { onPalette: () => void; onStop: () => void };

/** What runs, how current the screen is, and the tools that every page has. */
export function TopBar({ onPalette, onStop }: Props) {
  const { zone, theme } = usePreferences();
  const [, themeIcon, themeWord] = THEMES[theme];
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-1 border-line border-b bg-surface px-3 md:h-12 md:px-4">
      <img src="/icon.svg" alt="Tradewright" className="mr-1 size-5 max-[22rem]:hidden md:hidden" />
      <ModeSummary />
      <ConnectionState />
      <MarketClock />
      <div className="ml-auto flex items-center gap-1">
        <button
          type="button"
          className={`${TOOL} max-sm:hidden md:border md:border-line md:bg-page`}
          onClick={onPalette}
        >
          <Icon name="search" />
          <span className="sr-only md:not-sr-only md:pr-6 md:text-muted">Go to</span>
          <kbd className="hidden text-muted text-xs md:inline">Ctrl K</kbd>
        </button>
        <button
          type="button"
          className={`${TOOL} max-sm:hidden`}
          title="Zone of all times"
          onClick={() => nextZone(zone)}
        >
          <Icon name="zone" />
          <span className="text-sm">{ZONES[zone][1]}</span>
        </button>
        <button
          type="button"
          className={`${TOOL} max-sm:hidden`}
          title={themeWord}
          onClick={() => prefer("theme", THEMES[theme][0])}
        >
          <Icon name={themeIcon} />
          <span className="sr-only">{themeWord}</span>
        </button>
        <UserMenu />
        <button
          type="button"
          className="target flex items-center gap-1.5 rounded-md border border-danger px-2.5 font-semibold text-danger hover:bg-page"
          onClick={onStop}
        >
          <Icon name="stop" />
          Stop
        </button>
      </div>
    </header>
  );
}

function UserMenu() {
  const session = useSession();
  if (!session) return null;
  return (
    <Disclosure
      buttonClass={TOOL}
      panelClass="top-full right-0 mt-1.5"
      button={
        <>
          <Icon name="user" />
          <span className="sr-only">Signed in as </span>
          <span className="max-w-32 truncate max-sm:sr-only">{session.user.name}</span>
        </>
      }
    >
      {() => (
        <>
          <p className="border-line border-b px-4 py-2">
            <span className="font-semibold">{session.user.name}</span>
            <span className="block text-muted text-sm">{session.user.role}</span>
          </p>
          <button
            type="button"
            className="target flex w-full items-center px-4 text-left hover:bg-surface"
            onClick={() => void signOut()}
          >
            Sign out
          </button>
        </>
      )}
    </Disclosure>
  );
}
