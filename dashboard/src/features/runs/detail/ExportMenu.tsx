import { useState } from "react";
import { client } from "@/api/client";
import { answer } from "@/api/problem";
import { ProblemNote } from "@/ui/ProblemNote";
import type { RunDetail } from "../queries";
import { saveFile } from "./saveFile";

const FILES = {
  report: ["HTML report", "report.html"],
  trades: ["Trades (CSV)", "trades.csv"],
  orders: ["Orders (CSV)", "orders.csv"],
  fills: ["Fills (CSV)", "fills.csv"],
  equity: ["Equity (CSV)", "equity.csv"],
  metrics: ["Metrics (CSV)", "metrics.csv"],
  result: ["Result (JSON)", "result.json"],
} as const;

type File = keyof typeof FILES;

function asked(id: string, file: File): Promise<Blob> {
  const path = { run_id: id };
  if (file === "report") {
    return answer(client.GET("/v1/runs/{run_id}/report", { params: { path }, parseAs: "blob" })) as Promise<Blob>;
  }
  if (file === "result") {
    return answer(client.GET("/v1/runs/{run_id}/result.json", { params: { path }, parseAs: "blob" })) as Promise<Blob>;
  }
  const params = { path, query: { table: file } };
  return answer(client.GET("/v1/runs/{run_id}/export.csv", { params, parseAs: "blob" })) as Promise<Blob>;
}

/** The files that a run can be taken away as. */
export function ExportMenu({ run }: { run: RunDetail }) {
  const [error, setError] = useState<unknown>(null);
  const take = (file: File) => {
    setError(null);
    asked(run.id, file).then((content) => saveFile(content, `${run.short_id}-${FILES[file][1]}`), setError);
  };
  return (
    <details className="relative">
      <summary className="target flex cursor-pointer list-none items-center rounded-md border border-border px-3 hover:bg-surface">
        Export
      </summary>
      <div className="absolute left-0 z-20 mt-1 w-52 rounded-md border border-line bg-overlay p-1 shadow-overlay sm:right-0 sm:left-auto">
        <ul>
          {(Object.keys(FILES) as File[]).map((file) => (
            <li key={file}>
              <button
                type="button"
                className="target w-full rounded-sm px-2 text-left hover:bg-surface"
                onClick={() => take(file)}
              >
                {FILES[file][0]}
              </button>
            </li>
          ))}
        </ul>
        {error ? <ProblemNote error={error} /> : null}
      </div>
    </details>
  );
}
