import { queryOptions } from "@tanstack/react-query";
import { client, idempotent } from "./client";
import { keys } from "./keys";
import { answer } from "./problem";

/** How the kill switch of each account stands. */
export const controlsQuery = () =>
  queryOptions({
    queryKey: keys.controls(),
    queryFn: ({ signal }) => answer(client.GET("/v1/controls", { signal })),
  });

/** From the answer on nothing new is sent: by one account, or by all of them. */
export const blockNewOrders = (reason: string, account: string | null) =>
  answer(client.POST("/v1/controls/kill-switch", { body: { reason, account }, headers: idempotent() }));
