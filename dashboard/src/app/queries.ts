import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";

const RETRIES = 2;

/** Reads are tried twice again when no answer came or the server failed; what changes something never is. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always", // the server may be this very machine: a browser that calls itself offline says nothing
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < RETRIES && error instanceof Problem && (error.unanswered || error.status >= 500),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
