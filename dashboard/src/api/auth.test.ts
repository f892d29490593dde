import { beforeEach, expect, it, vi } from "vitest";

const USER = { id: "u", name: "ada", role: "trader", is_active: true, must_change: false, created_at: "" };

type Server = { calls: string[]; good: string | null; fresh: number };

/** A server that knows one good token, and gives a fresh one for the cookie. */
function aServer(refreshes = true): Server {
  const server: Server = { calls: [], good: null, fresh: 0 };
  vi.stubGlobal("fetch", async (asked: Request | string) => {
    const path = typeof asked === "string" ? asked : new URL(asked.url).pathname;
    server.calls.push(path);
    if (path === "/v1/auth/refresh") {
      if (!refreshes) return Response.json({ detail: "It has run out." }, { status: 401 });
      server.fresh += 1;
      server.good = `token ${server.fresh}`;
      return Response.json({ access_token: server.good, expires_in: 900, user: USER, must_change: false });
    }
    const shown = typeof asked === "string" ? null : asked.headers.get("authorization");
    return shown === `Bearer ${server.good}` ? Response.json({ ok: true }) : Response.json({}, { status: 401 });
  });
  return server;
}

const ask = () => new Request("http://localhost/v1/jobs", { method: "POST", body: "asked once" });

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

it("renews an access token once for all requests that need it", async () => {
  const server = aServer();
  const { authorisedFetch } = await import("./auth");
  const answers = await Promise.all([authorisedFetch(ask()), authorisedFetch(ask()), authorisedFetch(ask())]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(server.calls.filter((path) => path === "/v1/auth/refresh")).toHaveLength(1);
});

it("gives the refusal back when the cookie is worth nothing, and nobody is signed in", async () => {
  const server = aServer(false);
  const { authorisedFetch, currentSession } = await import("./auth");
  expect((await authorisedFetch(ask())).status).toBe(401);
  expect(server.calls).toEqual(["/v1/jobs", "/v1/auth/refresh"]);
  expect(currentSession()).toBeNull();
});

it("asks nothing by the cookie where nobody ever signed in", async () => {
  const server = aServer();
  const { isSignedIn } = await import("./auth");
  expect(await isSignedIn()).toBe(false);
  expect(server.calls).toEqual([]);
});

it("keeps the access token out of every storage", async () => {
  aServer();
  localStorage.setItem("tradewright.signed-in", "yes");
  const { isSignedIn } = await import("./auth");
  expect(await isSignedIn()).toBe(true);
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("token 1");
});
