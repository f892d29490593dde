import type { Job } from "@/api/types";
import { Icon } from "@/ui/Icon";

/** Why a job failed: one sentence, the place in the file, and what to do. */
export function JobFailure({ error }: { error: NonNullable<Job["error"]> }) {
  return (
    <div role="alert" className="flex items-start gap-2 rounded-md border border-danger p-3">
      <Icon name="fail" className="mt-0.5 text-danger" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="break-words font-semibold">{error.sentence}</p>
        {error.hint && <p className="text-muted">{error.hint}</p>}
        {error.file && (
          <p className="text-sm">
            <code className="break-all">
              {error.file}
              {error.line !== null && `:${error.line}`}
            </code>
          </p>
        )}
      </div>
    </div>
  );
}
