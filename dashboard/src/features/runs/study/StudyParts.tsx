import { Link } from "@tanstack/react-router";
import type { RunDetail } from "../queries";

const PARTS = [
  ["trials", "All trials"],
  ["best", "The best trial, in sample"],
] as const;

/** A search is first of all its trials; the run of the best of them is one step away. */
export function StudyParts({ run, part }: { run: RunDetail; part: "trials" | "best" }) {
  return (
    <nav aria-label="Parts of the search" className="border-line border-b">
      <ul className="flex gap-1">
        {PARTS.map(([key, word]) => (
          <li key={key}>
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              search={key === "best" ? { part: "best" } : {}}
              replace
              resetScroll={false}
              aria-current={key === part ? "page" : undefined}
              className={`target flex items-center whitespace-nowrap border-b-2 px-3 ${key === part ? "border-accent font-semibold" : "border-transparent text-muted hover:text-text"}`}
            >
              {word}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
