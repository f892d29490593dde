import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { components } from "@/api/schema.gen";
import { decimal } from "@/format/decimal";
import { duration } from "@/format/duration";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { Num } from "@/ui/Num";
import { PageHead } from "@/ui/PageHead";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { When } from "@/ui/When";
import { healthQuery } from "./queries";

type Part = components["schemas"]["HealthPart"];
type Parts = components["schemas"]["HealthParts"];

const EVERY_MS = 10_000;
const STATES: Record<Part["state"], [Tone, string]> = {
  ok: ["ok", "ok"],
  notice: ["warn", "look at it"],
  fail: ["fail", "failed"],
};
const RANK: Record<Part["state"], number> = { fail: 0, notice: 1, ok: 2 };

const milliseconds = (seconds: number | null): string => decimal(seconds === null ? null : seconds * 1000, 1);

const COLUMNS: readonly Column<Part>[] = [
  { key: "name", header: "Part", card: "title", cell: (part) => <span className="font-medium">{part.name}</span> },
  {
    key: "state",
    header: "State",
    cell: (part) => <StatusPill tone={STATES[part.state][0]} word={STATES[part.state][1]} />,
  },
  { key: "sentence", header: "What it says", cell: (part) => part.sentence },
  {
    key: "age",
    header: "Last heard of",
    align: "right",
    cell: (part) => <Num value={part.age_s} as={duration} reason="It is asked when it is needed." />,
  },
  {
    key: "lag",
    header: "Answers in, ms",
    align: "right",
    cell: (part) => <Num value={part.lag_s} as={milliseconds} reason="It is not asked over a line." />,
  },
];

function summary({ items }: Parts): string {
  const bad = items.filter((part) => part.state !== "ok");
  if (bad.length === 0) return `All ${items.length} parts are up.`;
  return `${bad.length} of ${items.length} parts ${bad.length === 1 ? "needs" : "need"} a look: ${bad.map((part) => part.name).join(", ")}.`;
}

/** The parts as text that can be sent to somebody who helps. */
function diagnosis({ items, time }: Parts): string {
  const lines = items.map((part) => `${part.state.padEnd(7)} ${part.name}: ${part.sentence}`);
  return [`Tradewright at ${time}`, ...lines].join("\n");
}

/** Is each part up? */
export function HealthPage() {
  const query = useQuery({ ...healthQuery(), refetchInterval: EVERY_MS });
  return (
    <>
      <PageHead
        title="Health"
        lead={
          query.data ? (
            <>
              {summary(query.data)} Asked <When at={query.data.time} relative />.
            </>
          ) : (
            "Whether each part does what it is for."
          )
        }
        actions={query.data && <CopyDiagnosis parts={query.data} />}
      />
      <Loaded query={query} rows={5}>
        {(parts) => (
          <DataTable
            caption="Parts, what needs a look first"
            columns={COLUMNS}
            rows={[...parts.items].sort((one, other) => RANK[one.state] - RANK[other.state])}
            rowKey={(part) => part.name}
          />
        )}
      </Loaded>
    </>
  );
}

function CopyDiagnosis({ parts }: { parts: Parts }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(diagnosis(parts));
    setCopied(true);
  };
  return (
    <Button onClick={() => void copy()}>
      <Icon name={copied ? "ok" : "copy"} />
      {copied ? "Copied" : "Copy diagnosis"}
    </Button>
  );
}
