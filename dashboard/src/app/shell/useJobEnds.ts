import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { client } from "@/api/client";
import { answer } from "@/api/problem";
import type { Job } from "@/api/types";
import { announce } from "@/ui/announce";
import { isOver, jobSubject, KINDS, STATES } from "@/ui/jobWords";
import { nowQuery } from "./underWay";

/** The sentence that is read out when a job is over. */
export function told(job: Job): string {
  const why = job.error ? ` ${job.error.sentence}` : "";
  return `${KINDS[job.kind]} ${jobSubject(job)}: ${STATES[job.state][1]}.${why}`;
}

/** Read out the end of every job that ran while this page was open. */
export function useJobEnds(): void {
  const ids = useQuery(nowQuery()).data?.jobs.ids;
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    if (!ids) return;
    const gone = before.current.filter((id) => !ids.includes(id));
    before.current = ids;
    for (const id of gone) {
      answer(client.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } })).then(
        (job) => isOver(job) && announce(told(job)),
        () => undefined, // what cannot be asked now is told by the page of jobs
      );
    }
  }, [ids]);
}
