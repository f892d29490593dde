import { queryOptions } from "@tanstack/react-query";
import { client, idempotent } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";

export type Approval = components["schemas"]["GivenApproval"];
export type Verdict = components["schemas"]["ApprovalRequest"];

/** Which verdicts, as the address says it. */
export type ApprovalFilter = { page?: number; in_force?: boolean };

export const approvalsQuery = (filter: ApprovalFilter) =>
  queryOptions({
    queryKey: keys.approvals.list(filter),
    queryFn: ({ signal }) => answer(client.GET("/v1/approvals", { params: { query: filter }, signal })),
  });

export const giveVerdict = (body: Verdict) => answer(client.POST("/v1/approvals", { body, headers: idempotent() }));

export const revoke = (number: number, reason: string) =>
  answer(client.POST("/v1/approvals/{number}/revoke", { params: { path: { number } }, body: { reason } }));
