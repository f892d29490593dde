import { Problem } from "@/api/problem";
import { Button } from "./Button";
import { Icon } from "./Icon";

type Props = { error: unknown; onRetry?: () => void };

/** Why something failed: the sentence, what to do, the number of the request, and the way to try again. */
export function ProblemNote({ error, onRetry }: Props) {
  const problem = error instanceof Problem ? error : null;
  const sentence = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className="flex items-start gap-2 rounded-md border border-danger bg-page p-3">
      <Icon name="warn" className="mt-0.5 text-danger" />
      <div className="flex min-w-0 flex-col items-start gap-1">
        <p className="font-semibold">{sentence}</p>
        {problem?.hint && <p className="text-muted">{problem.hint}</p>}
        {problem?.requestId && (
          <p className="text-muted text-sm">
            Request <code className="break-all">{problem.requestId}</code>
          </p>
        )}
        {onRetry && (
          <Button className="mt-1" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
