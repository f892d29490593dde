import { Filter, FilterBar } from "@/ui/FilterBar";
import type { ChangeSearch } from "./RunPage";
import type { RunSearch } from "./search";

const words = (...values: string[]) => values.map((value) => ({ value, word: value }));

/** Which trades are listed. */
export function TradeFilters({ search, change }: { search: RunSearch; change: ChangeSearch }) {
  return (
    <FilterBar>
      <Filter
        label="Side"
        value={search.side}
        choices={words("long", "short")}
        onChange={(side) => change({ side: side as RunSearch["side"] })}
      />
      <Filter
        label="Outcome"
        value={search.outcome}
        choices={words("gain", "loss")}
        onChange={(outcome) => change({ outcome: outcome as RunSearch["outcome"] })}
      />
      <Filter
        label="Period"
        value={search.within}
        choices={[{ value: "view", word: "the chart's view" }]}
        onChange={(within) => change({ within: within as RunSearch["within"] })}
      />
    </FilterBar>
  );
}
