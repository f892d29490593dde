import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { asksAnew } from "@/api/stream/apply";
import { usePoll, useTopic } from "@/api/stream/live";
import { decimal } from "@/format/decimal";
import { EmptyState } from "@/ui/EmptyState";
import { Facts } from "@/ui/Facts";
import { isOver } from "@/ui/jobWords";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { StatusPill } from "@/ui/StatusPill";
import { FindingsTable } from "./FindingsTable";
import { type ImportedFile, type ImportReport, importQuery } from "./queries";
import { ReportHead, WAITING_MS } from "./ReportHead";

const route = getRouteApi("/shell/data/imports/$jobId");

/** What was kept, and what was refused and why? */
export function ImportedPage() {
  const { jobId } = route.useParams();
  const poll = usePoll(true);
  const query = useQuery({
    ...importQuery(jobId),
    refetchInterval: ({ state }) => (state.data && isOver(state.data.job) ? false : Math.min(poll, WAITING_MS)),
  });
  useTopic(`jobs/${jobId}`, keys.data("import", jobId), asksAnew, "job");
  return (
    <Loaded query={query} rows={6} waitingFor="the job">
      {(report) => <Report report={report} />}
    </Loaded>
  );
}

function Report({ report: { job, files } }: { report: ImportReport }) {
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <ReportHead
        job={job}
        title="Import"
        again={{ to: "/data/import", word: "Import more" }}
        waiting="It waits for a worker or reads the first file."
      />
      {job.state === "done" && !files.length && (
        <EmptyState title="What it printed is gone">The bars themselves are on the page of the data.</EmptyState>
      )}
      {files.map((file) => (
        <File key={file.file} file={file} />
      ))}
    </div>
  );
}

const whole = (value: number): string => decimal(value, 0);

function File({ file }: { file: ImportedFile }) {
  const { instrument, timeframe, refused } = file;
  if (file.error !== null) {
    return (
      <Panel title={file.file} note={<StatusPill tone="fail" word="refused" />}>
        {file.error}
      </Panel>
    );
  }
  return (
    <Panel
      title={file.file}
      note={
        <StatusPill tone={refused ? "warn" : "ok"} word={refused ? `${whole(refused)} rows refused` : file.effect} />
      }
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Facts
          facts={[
            [
              "Bars of",
              <Link
                key="s"
                to="/data/$symbol"
                params={{ symbol: instrument ?? "" }}
                className="text-accent hover:underline"
              >
                {instrument} {timeframe}
              </Link>,
            ],
            ["Rows kept", `${whole(file.kept)}, ${whole(file.new)} of them new`],
            ["Rows refused", whole(refused)],
            ["Version", <code key="v">{file.version?.slice(0, 12)}</code>],
          ]}
        />
        {file.refusals.length > 0 && (
          <FindingsTable caption="Rows that were refused" findings={file.refusals} timeframe={timeframe} />
        )}
        {file.refusals.length < refused && (
          <p className="text-muted text-sm">The first {whole(file.refusals.length)} lines are shown.</p>
        )}
        {file.findings.length > 0 && (
          <FindingsTable caption="What else was found" findings={file.findings} timeframe={timeframe} />
        )}
      </div>
    </Panel>
  );
}
