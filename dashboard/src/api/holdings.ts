import { queryOptions } from "@tanstack/react-query";
import { client } from "./client";
import { keys } from "./keys";
import { answer } from "./problem";

const MANY = { per_page: 500 } as const;

/** What sessions that go on hold. */
export const positionsQuery = () =>
  queryOptions({
    queryKey: keys.positions(),
    queryFn: ({ signal }) => answer(client.GET("/v1/positions", { params: { query: MANY }, signal })),
  });

/** Orders that are open. */
export const ordersQuery = () =>
  queryOptions({
    queryKey: keys.orders(),
    queryFn: ({ signal }) => answer(client.GET("/v1/orders", { params: { query: MANY }, signal })),
  });
