import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/ui/Button";
import { strategiesQuery } from "../new/queries";
import type { RunDetail } from "../queries";

/** From what held out of sample to paper; its strategy has to be in the catalogue still. */
export function StartPaper({ run }: { run: RunDetail }) {
  const known = useQuery(strategiesQuery()).data?.items ?? [];
  const strategy = known.find((each) => each.class_name === run.strategies[0]?.name);
  if (!strategy) return null;
  const search = {
    mode: "paper",
    strategy: strategy.id,
    symbols: run.symbols.join(", "),
    timeframe: run.timeframe,
  } as const;
  return (
    <Link to="/sessions/new" search={search} className={buttonClass("primary")}>
      Start paper
    </Link>
  );
}
