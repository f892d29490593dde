import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { client } from "@/api/client";
import { answer } from "@/api/problem";
import type { Job } from "@/api/types";
import { announce } from "@/ui/announce";
import { jobSubject, KINDS, STATES } from "@/ui/jobWords";
import { runningJobs } from "./counts";

/** The sentence that is read out when a job is over. */
export function told(job: Job): string {
  const why = job.error ? ` ${job.error.sentence}` : "";
  return `${KINDS[job.kind]} ${jobSubject(job)}: ${STATES[job.state][1]}.${why}`;
}

/** Read out the end of every job that ran while this page was open. */
export function useJobEnds(): void {
  const { data } = useQuery(runningJobs());
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    if (!data) return;
    const now = data.items.map((job) => job.id);
    const gone = before.current.filter((id) => !now.includes(id));
    before.current = now;
    for (const id of gone) {
      answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } })).then(
        (job) => announce(told(job)),
        () => undefined, // what cannot be asked now is told by the page of jobs
      );
    }
  }, [data]);
}
