import { Link } from "@tanstack/react-router";
import { DropdownMenu } from "radix-ui";
import { Icon } from "@/ui/Icon";
import { useCounts } from "./counts";
import { BELOW, MENU } from "./menu";

const CELL = "flex min-h-13 grow basis-0 flex-col items-center justify-center gap-0.5 text-xs";

/** The pages at the lower edge of a narrow screen, within reach of the thumb. */
export function BottomBar() {
  const counts = useCounts();
  const shown = MENU.filter((entry) => BELOW.includes(entry.to));
  const more = MENU.filter((entry) => !BELOW.includes(entry.to));
  return (
    <nav
      aria-label="Pages"
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
        <DropdownMenu.Root>
          <DropdownMenu.Trigger className={`${CELL} text-muted`}>
            <Icon name="more" className="size-5!" />
            More
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content
              side="top"
              align="end"
              sideOffset={4}
              className="z-30 min-w-48 rounded-md border border-line bg-overlay py-1 shadow-overlay"
            >
              {more.map((entry) => (
                <DropdownMenu.Item key={entry.to} asChild>
                  <Link
                    to={entry.to}
                    className="flex min-h-11 items-center gap-3 px-4 outline-none data-[highlighted]:bg-surface"
                  >
                    <Icon name={entry.icon} />
                    {entry.label}
                  </Link>
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      )}
    </nav>
  );
}
