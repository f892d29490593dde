import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/ui/Loaded";
import { useSettled } from "@/ui/useSettled";
import { When } from "@/ui/When";
import { timesQuery } from "./queries";

/** The next five times of what is written, or why it is none. */
export function NextTimes({ when, zone }: { when: string; zone: string }) {
  const settled = useSettled({ when, zone });
  const found = useQuery(timesQuery(settled));
  if (found.fetchStatus === "idle" && found.isPending) return null;
  // What is being written is not what the times below are of.
  const isSettled = settled.when === when && settled.zone === zone;
  const query = isSettled ? found : { ...found, data: undefined, error: null };
  return (
    <section aria-label="Next times" aria-live="polite" className="min-w-0 sm:col-span-2 xl:col-span-3">
      <p className="mb-1 font-medium">Next times</p>
      <Loaded query={query} rows={5} waitingFor="the calendar">
        {({ items }) =>
          items.length ? (
            <ol className="flex flex-col gap-1">
              {items.map((at) => (
                <li key={at}>
                  <When at={at} />{" "}
                  <span className="text-muted">
                    · <When at={at} relative />
                  </span>
                </li>
              ))}
            </ol>
          ) : (
            <p className="text-muted">No time of it comes any more.</p>
          )
        }
      </Loaded>
    </section>
  );
}
