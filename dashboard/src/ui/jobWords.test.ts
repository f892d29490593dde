import { describe, expect, it } from "vitest";
import type { Job } from "@/api/types";
import { keptOf } from "./jobWords";

const job = (said: Partial<Job>): Job =>
  ({ kind: "optimize", state: "cancelled", run_id: null, started_at: "2026-11-21T10:00:00Z", ...said }) as Job;
const progress = (done: number, unit: string) =>
  ({ done, total: 100, unit, rate: null, seconds_left: null }) as Job["progress"];

describe("what is kept of a cancelled job", () => {
  it("is said of cancelled ones alone", () => {
    expect(keptOf(job({ state: "cancelling" }))).toBeNull();
    expect(keptOf(job({ state: "done" }))).toBeNull();
  });

  it("is the trials of a search, as far as they were counted", () => {
    expect(keptOf(job({ progress: progress(1240, "trials") }))).toMatch(/^1,240 trials are kept/);
    expect(keptOf(job({ progress: progress(1, "trials") }))).toMatch(/^1 trial is kept/);
    expect(keptOf(job({ progress: progress(3, "windows") }))).toMatch(/^The trials that were done are kept/);
  });

  it("is nothing of a backtest, of an import, and of what never began", () => {
    expect(keptOf(job({ kind: "backtest" }))).toMatch(/^No run is kept/);
    expect(keptOf(job({ kind: "import" }))).toMatch(/^Nothing of it is kept/);
    expect(keptOf(job({ started_at: null }))).toMatch(/^It had not begun/);
  });

  it("is nothing to mend of a check", () => {
    expect(keptOf(job({ kind: "check" }))).toMatch(/^It changes nothing/);
  });

  it("is the run that was there already, and the record of a session", () => {
    expect(keptOf(job({ run_id: "r1" }))).toMatch(/its run is kept/);
    expect(keptOf(job({ kind: "paper" }))).toMatch(/^Its record is kept/);
  });
});
