import { queryOptions } from "@tanstack/react-query";
import { client, idempotent } from "@/api/client";
import { keys } from "@/api/keys";
import { answer } from "@/api/problem";
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];
export type User = Schemas["User"];
export type Token = Schemas["ApiToken"];
export type AuditEntry = Schemas["AuditEntry"];

const ALL = { per_page: 500 } as const;

export const usersQuery = () =>
  queryOptions({
    queryKey: keys.settings("users"),
    queryFn: ({ signal }) => answer(client.GET("/v1/users", { params: { query: ALL }, signal })),
  });

export const createUser = (body: Schemas["UserRequest"]) => answer(client.POST("/v1/users", { body }));

export const changeUser = (name: string, change: Partial<Schemas["UserChange"]>) =>
  answer(client.PATCH("/v1/users/{name}", { params: { path: { name } }, body: { reset_password: false, ...change } }));

export const tokensQuery = () =>
  queryOptions({
    queryKey: keys.settings("tokens"),
    queryFn: ({ signal }) => answer(client.GET("/v1/tokens", { params: { query: ALL }, signal })),
  });

export const createToken = (body: Schemas["TokenRequest"]) =>
  answer(client.POST("/v1/tokens", { body, headers: idempotent() }));

export const revokeToken = (id: string) =>
  answer(client.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id: id } } }));

export const auditQuery = (page: number) =>
  queryOptions({
    queryKey: keys.settings("audit", page),
    queryFn: ({ signal }) => answer(client.GET("/v1/audit", { params: { query: { page, per_page: 20 } }, signal })),
  });

export const serverQuery = () =>
  queryOptions({
    queryKey: keys.settings("server"),
    queryFn: ({ signal }) => answer(client.GET("/v1/settings", { signal })),
  });
