import { client, idempotent } from "./client";
import { answer, Problem } from "./problem";
import type { components } from "./schema.gen";
import type { Job } from "./types";

type Schemas = components["schemas"];

export type Preview = Schemas["Preview"];
export type PreviewRequest = Schemas["PreviewRequest"];
export type ActResult = Schemas["ActResult"];
export type SessionRequest = Schemas["SessionRequest"];
export type LimitsName = NonNullable<SessionRequest["limits"]>;

/** What a person confirmed: the name that was typed, the preview that was seen, and why. */
export type Confirmed = { typed: string; digest: string; reason: string };

/** An account as `mode/name`, or a session whose fills are simulated. */
export type Subject = { account: string } | { session_id: string };

/** What an act would do at this moment; nothing is done. */
export const previewOf = (body: PreviewRequest, signal?: AbortSignal) =>
  answer(client.POST("/v1/previews", { body, signal }));

/** The preview as it stands now, where a problem says that what was seen has moved. */
export function movedTo(problem: unknown): Preview | null {
  return problem instanceof Problem && problem.status === 409
    ? ((problem.more.preview as Preview | undefined) ?? null)
    : null;
}

export const flatten = (subject: Subject, confirmed: Confirmed) =>
  answer(client.POST("/v1/controls/flatten", { body: { ...subject, ...confirmed }, headers: idempotent() }));

export const rearm = (subject: Subject, limits: LimitsName | null, confirmed: Confirmed) =>
  answer(client.POST("/v1/controls/re-arm", { body: { ...subject, limits, ...confirmed }, headers: idempotent() }));

export const closePosition = (id: string, body: Confirmed) =>
  answer(
    client.POST("/v1/positions/{position_id}/close", {
      params: { path: { position_id: id } },
      body,
      headers: idempotent(),
    }),
  );

export const cancelOrder = (id: string, body: Confirmed) =>
  answer(
    client.POST("/v1/orders/{order_id}/cancel", { params: { path: { order_id: id } }, body, headers: idempotent() }),
  );

export const stopSession = (id: string, reason: string) =>
  answer(
    client.POST("/v1/sessions/{session_id}/stop", {
      params: { path: { session_id: id } },
      body: { reason },
      headers: idempotent(),
    }),
  );

export const changeMode = (session_id: string, to: "paper" | "live", confirmed: Confirmed): Promise<Job> =>
  answer(
    client.POST("/v1/controls/mode-transition", { body: { session_id, to, ...confirmed }, headers: idempotent() }),
  );

export const startSession = (body: SessionRequest): Promise<Job> =>
  answer(client.POST("/v1/sessions", { body, headers: idempotent() }));
