import { DiffTable } from "@/ui/DiffTable";
import { shownValue, type Told } from "./change";

/** What a change would do: every value now and then, and whether approvals see another strategy. */
export function WhatChanges({ told }: { told: Told }) {
  return (
    <>
      <DiffTable
        caption="What changes"
        heads={["Now", "Then"]}
        rows={told.changes.map(({ key, before, after }) => ({
          key,
          label: <code>{key}</code>,
          cells: [before, after].map((value) => shownValue(value) || "left open"),
          differs: true,
        }))}
        empty="It says all that already."
      />
      <p className={told.identity.changed ? "font-semibold" : "text-muted"}>{told.identity.sentence}</p>
    </>
  );
}
