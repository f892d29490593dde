import { Link, type LinkProps } from "@tanstack/react-router";
import type { Job } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import { JobProgress } from "@/ui/JobProgress";
import { isOver, jobSubject, keptOf, STATES } from "@/ui/jobWords";
import { PageHead } from "@/ui/PageHead";
import { ProblemNote } from "@/ui/ProblemNote";
import { StatusPill } from "@/ui/StatusPill";

/** How often an end is looked for. */
export const WAITING_MS = 1_000;

type Props = {
  job: Job;
  title: string;
  /** The way to one more. */
  again: { to: LinkProps["to"]; word: string };
  /** What it does while it has told of no progress. */
  waiting: string;
};

/** How far a job is whose result is told below: its state, its progress with rate and time left, and why it failed. */
export function ReportHead({ job, title, again, waiting }: Props) {
  const [tone, word] = STATES[job.state];
  const kept = keptOf(job);
  return (
    <>
      <PageHead
        title={title}
        badge={<StatusPill tone={tone} word={word} />}
        lead={
          <>
            {[jobSubject(job), "job "].filter(Boolean).join(" · ")}
            <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="text-accent underline">
              {job.id.slice(0, 8)}
            </Link>
          </>
        }
        actions={
          <Link to={again.to} className={buttonClass()}>
            {again.word}
          </Link>
        }
      />
      {!isOver(job) && job.progress && <JobProgress progress={job.progress} label="Progress" />}
      {!isOver(job) && !job.progress && <p className="text-muted">{waiting}</p>}
      {kept && <p>{kept}</p>}
      {job.error && <ProblemNote error={new Error([job.error.sentence, job.error.hint].filter(Boolean).join(" "))} />}
    </>
  );
}
