import { Link } from "@tanstack/react-router";
import { Disclosure } from "@/ui/Disclosure";
import { Icon } from "@/ui/Icon";
import { BELOW, MENU } from "./menu";
import { useCounts } from "./underWay";

const CELL = "flex min-h-13 grow basis-0 flex-col items-center justify-center gap-0.5 text-xs";

/** The pages at the lower edge of a narrow screen, within reach of the thumb. */
export function BottomBar() {
  const counts = useCounts();
  const shown = MENU.filter((entry) => BELOW.includes(entry.to));
  const more = MENU.filter((entry) => !BELOW.includes(entry.to));
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {shown.map((entry) => (
        <Link
          key={entry.to}
          to={entry.to}
          activeOptions={{ exact: entry.to === "/", includeSearch: false }}
          className={`${CELL} relative text-muted`}
          activeProps={{ className: "text-accent! font-semibold", "aria-current": "page" }}
        >
          <Icon name={entry.icon} className="size-5!" />
          {entry.label}
          {counts[entry.to]?.urgent && (
            <span className="absolute top-1 ml-6 rounded-full bg-danger px-1.5 text-on-danger tabular-nums">
              {counts[entry.to]?.value}
              <span className="sr-only"> {counts[entry.to]?.word}</span>
            </span>
          )}
        </Link>
      ))}
      {more.length > 0 && (
        <Disclosure
          className="flex grow basis-0"
          buttonClass={`${CELL} text-muted`}
          panelClass="right-1 bottom-full mb-1"
          button={
            <>
              <Icon name="more" className="size-5!" />
              More
            </>
          }
        >
          {(close) =>
            more.map((entry) => (
              <Link
                key={entry.to}
                to={entry.to}
                onClick={close}
                activeOptions={{ includeSearch: false }}
                className="flex min-h-11 items-center gap-3 px-4 hover:bg-surface"
                activeProps={{ className: "font-semibold text-accent", "aria-current": "page" }}
              >
                <Icon name={entry.icon} />
                {entry.label}
              </Link>
            ))
          }
        </Disclosure>
      )}
    </nav>
  );
}
