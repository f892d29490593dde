import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ActResult, type Confirmed, movedTo, type Preview, type PreviewRequest, previewOf } from "@/api/acts";
import { keys } from "@/api/keys";
import { Problem } from "@/api/problem";

/** Looked at; sent; shown anew because it moved; answered; or nobody knows what became of it. */
type Phase = "seen" | "sent" | "moved" | "answered" | "unknown";
type Told = { onMoved: () => void; onDone: () => void };

/** A preview, and what becomes of the act that it was for. The preview is asked for once, when the review opens. */
export function useReview(ask: PreviewRequest, act: (confirmed: Confirmed) => Promise<ActResult | null>, told: Told) {
  const [phase, setPhase] = useState<Phase>("seen");
  const [moved, setMoved] = useState<Preview | null>(null);
  const [result, setResult] = useState<ActResult | null>(null);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery({
    queryKey: keys.preview(ask),
    queryFn: ({ signal }) => previewOf(ask, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const refused = (problem: unknown): void => {
    const now = movedTo(problem);
    const isLost = problem instanceof Problem && problem.unanswered;
    if (now) {
      setMoved(now);
      told.onMoved();
    }
    setError(now || isLost ? null : problem);
    setPhase(now ? "moved" : isLost ? "unknown" : "seen");
  };
  const confirm = (confirmed: Confirmed): void => {
    setPhase("sent");
    setError(null);
    act(confirmed).then((found) => {
      if (!found) return told.onDone();
      setResult(found);
      setPhase("answered");
    }, refused);
  };
  return { query, preview: moved ?? query.data, phase, result, error, confirm };
}
