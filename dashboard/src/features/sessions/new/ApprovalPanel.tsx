import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { buttonClass } from "@/ui/Button";
import { Loaded } from "@/ui/Loaded";
import { StatusPill } from "@/ui/StatusPill";
import type { Draft } from "./draft";
import { approvedQuery } from "./queries";

type Props = { className: string; mode: Draft["mode"]; children: ReactNode };

/** On which evidence it may begin, as persons have said; the server looks again when it is started. */
export function ApprovalPanel({ className, mode, children }: Props) {
  const query = useQuery(approvedQuery(className));
  const needed = mode === "live" ? "paper" : "backtest";
  const what = mode === "live" ? "paper session" : "backtest";
  return (
    <aside className="flex flex-col gap-4 rounded-md border border-line bg-surface p-4 lg:sticky lg:top-16">
      <h2 className="font-semibold text-lg">Approval</h2>
      <p className="text-muted">
        A {mode} session takes the approval of a {what} of exactly this text, these parameters, symbols and timeframe.
      </p>
      <Loaded query={query} rows={3}>
        {(page) => {
          const found = page.items.filter(({ verdict }) => verdict === "approved");
          const isThere = found.some(({ stage }) => stage === needed);
          return (
            <>
              <StatusPill
                tone={isThere ? "ok" : "warn"}
                word={isThere ? `a ${what} is approved` : `no ${what} is approved`}
              />
              <ul aria-label="Approvals in force" className="flex flex-col divide-y divide-line">
                {found.map(({ number, stage, strategy, who, evidence }) => (
                  <li key={number} className="py-2">
                    <span className="font-medium">{stage}</span>{" "}
                    <code className="text-sm">{evidence.slice(0, 12)}</code> by {who}
                    <span className="block text-muted text-sm">
                      {[
                        ...Object.entries(strategy.params).map(([name, value]) => `${name} ${String(value)}`),
                        strategy.symbols.join(", "),
                        strategy.timeframe,
                      ].join(" · ")}
                    </span>
                  </li>
                ))}
              </ul>
              {!isThere && (
                <Link to="/approvals" className={buttonClass()}>
                  To the approvals
                </Link>
              )}
            </>
          );
        }}
      </Loaded>
      {children}
    </aside>
  );
}
