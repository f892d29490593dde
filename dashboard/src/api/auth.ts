import { useSyncExternalStore } from "react";
import { Problem } from "./problem";
import { answered, unanswered } from "./reach";
import type { components } from "./schema.gen";
import { isElsewhere, SERVER } from "./server";

export type User = components["schemas"]["User"];
type SignedIn = components["schemas"]["SignedIn"];

/** Who is signed in: not asked yet, nobody, or a user. */
export type Session = { user: User; mustChange: boolean } | null | undefined;

// The access token lives here and nowhere else: neither storage nor address ever holds it.
let token: string | null = null;
let session: Session;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

// Whether it is worth asking by the cookie, which scripts cannot see: who never signed in here is not refused first.
const SIGNED_IN_KEY = "tradewright.signed-in";

function become(signedIn: SignedIn | null): void {
  if (signedIn) localStorage.setItem(SIGNED_IN_KEY, "yes");
  else localStorage.removeItem(SIGNED_IN_KEY);
  token = signedIn?.access_token ?? null;
  session = signedIn ? { user: signedIn.user, mustChange: signedIn.must_change } : null;
  for (const listener of listeners) listener();
}

export const currentSession = (): Session => session;

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(`${isElsewhere ? SERVER : ""}/v1/auth/${path}`, {
    method: "POST",
    credentials: isElsewhere ? "include" : "same-origin",
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw Problem.unanswered();
  });
  if (!response.ok && response.status !== 401) throw new Problem(response.status, await documentOf(response));
  return response;
}

async function documentOf(response: Response): Promise<object> {
  return response.json().catch(() => ({}));
}

async function exchange(): Promise<boolean> {
  const response = await post("refresh");
  become(response.ok ? ((await response.json()) as SignedIn) : null);
  return response.ok;
}

/** One refresh at a time, over all tabs: a cookie that is used twice ends every session of its family. */
function exchangeAlone(): Promise<boolean> {
  const locks = navigator.locks;
  return locks ? locks.request("tradewright-refresh", exchange) : exchange();
}

/** Get a new access token by the cookie; all who ask meanwhile wait for the same answer. */
export function refresh(): Promise<boolean> {
  refreshing ??= exchangeAlone().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Whether somebody is signed in, asked of the cookie on the first visit. */
export async function isSignedIn(): Promise<boolean> {
  if (session === undefined && localStorage.getItem(SIGNED_IN_KEY) === null) session = null;
  return session === undefined ? refresh() : session !== null;
}

async function enter(path: string, body: unknown, headers?: Record<string, string>): Promise<void> {
  const response = await post(path, body, headers);
  if (!response.ok) throw new Problem(response.status, await documentOf(response));
  become((await response.json()) as SignedIn);
}

export const signIn = (name: string, password: string): Promise<void> => enter("login", { name, password });

export const changePassword = (old: string, fresh: string): Promise<void> =>
  enter("password", { old, new: fresh }, { authorization: `Bearer ${token}` });

/** Sign out here; the cookie is given up on the server, too. */
export async function signOut(): Promise<void> {
  await post("logout", undefined, token ? { authorization: `Bearer ${token}` } : {}).finally(() => become(null));
}

async function sent(request: Request): Promise<Response> {
  const copy = request.clone();
  if (token) copy.headers.set("authorization", `Bearer ${token}`);
  try {
    const response = await fetch(copy);
    answered();
    return response;
  } catch (error) {
    if (!request.signal.aborted) unanswered();
    throw error;
  }
}

/** `fetch` as the signed-in user: an expired access token is renewed once, then the request is sent again. */
export async function authorisedFetch(request: Request): Promise<Response> {
  const used = token;
  const response = await sent(request);
  if (response.status !== 401) return response;
  if (token === used && !(await refresh())) return response;
  return sent(request);
}

/** Who is signed in; components are drawn anew when that changes. */
export const useSession = (): Session => useSyncExternalStore(onSession, currentSession);
