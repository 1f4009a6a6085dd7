import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeInvitationSchema } from "../../protocol/http/accounts-invitations.ts";
import { auditSchema } from "../../protocol/http/accounts-operation.ts";
import { madeTokenSchema } from "../../protocol/http/accounts-tokens.ts";
import { sessionSchema, sessionsSchema } from "../../protocol/http/accounts.ts";
import type { StoredAccount } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import type { Answered, TestHub } from "./test-hub.ts";
import { TestPeople } from "./test-people.ts";

const PASSWORD = "correct horse battery staple";

let people: TestPeople;
let hub: TestHub;
let operator: StoredAccount;
beforeAll(async () => {
  people = await TestPeople.start();
  hub = people.hub;
  operator = await people.account("op", "operator");
});
afterAll(async () => { await hub.stop(); });

/** The cookie that an answer sets, as a browser would send it. */
function cookieOf(answer: Answered): Record<string, string> {
  const [cookie = ""] = answer.headers["set-cookie"] ?? [];
  return { cookie: cookie.split(";")[0] ?? "" };
}

async function invite(role: string, uses = 1): Promise<string> {
  const made = madeInvitationSchema.parse((await hub.post("/api/invitations", { role, uses, expiresInMs: 60_000 }, await people.session(operator))).json());
  expect(made.url).toMatch(new RegExp(`^${hub.url}/invitation#[\\w-]{43}$`));
  return made.url.split("#")[1] ?? "";
}

async function signUp(name: string, role = "submitter"): Promise<Record<string, string>> {
  const answer = await hub.post("/api/accounts", { name, password: PASSWORD, invitation: await invite(role) });
  expect(answer.status).toBe(201);
  return cookieOf(answer);
}

const send = (method: string, path: string, body: unknown, headers: Record<string, string>) => hub.ask(path, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
const signIn = (name: string, password: string, headers: Record<string, string> = {}) => hub.post("/api/session", { name, password }, headers);
const whoIs = async (headers: Record<string, string>) => sessionSchema.parse((await hub.ask("/api/session", { headers })).json()).account?.name ?? null;

describe("signing up and in", () => {
  test("POST /api/accounts: by an invitation, with its role, as often as it says", async () => {
    const code = await invite("submitter", 2);
    expect((await hub.post("/api/invitations/check", { code })).json()).toMatchObject({ purpose: "sign-up", role: "submitter", forAccount: null });
    const ada = await hub.post("/api/accounts", { name: "ada", password: PASSWORD, email: "ada@example.org", invitation: code });
    expect([ada.status, ada.json()]).toMatchObject([201, { account: { name: "ada", role: "submitter", email: "ada@example.org", invited: true, vouched: false }, may: { compute: true, submit: true, operate: false } }]);
    expect(await whoIs(cookieOf(ada))).toBe("ada");
    expect((await hub.post("/api/accounts", { name: "ada", password: PASSWORD, invitation: code })).status).toBe(409);
    expect((await hub.post("/api/accounts", { name: "bea", password: PASSWORD, invitation: code })).status).toBe(201);
    expect((await hub.post("/api/accounts", { name: "cem", password: PASSWORD, invitation: code })).status).toBe(404);
    expect((await hub.post("/api/invitations/check", { code })).status).toBe(404);
  });

  test("POST /api/accounts: without an invitation only where the operator lets people sign up, with the role that was set", async () => {
    expect((await hub.post("/api/accounts", { name: "dan", password: PASSWORD })).status).toBe(403);
    const settings = (body: object) => people.session(operator).then((headers) => send("PUT", "/api/settings", body, headers));
    expect((await settings({ signUp: true, signUpRole: "submitter" })).json()).toEqual({ signUp: true, signUpRole: "submitter", volunteers: "anonymous", volunteersFixed: false });
    expect((await hub.post("/api/accounts", { name: "dan", password: PASSWORD })).json()).toMatchObject({ account: { name: "dan", role: "submitter", invited: false } });
    await settings({ signUp: false });
    expect((await hub.post("/api/accounts", { name: "eve", password: PASSWORD })).status).toBe(403);
  });

  test.each([
    ["a name of the hub's own", { name: "local" }, 409], ["a large letter", { name: "Ada" }, 400], ["a name with a slash", { name: "a/b" }, 400], ["a short name", { name: "a" }, 400],
    ["a short password", { password: "123456789" }, 400], ["a long password", { password: "x".repeat(201) }, 400], ["a field that nobody knows", { role: "operator" }, 400],
  ])("POST /api/accounts: %s is refused, and uses no invitation up", async (_what, wrong, status) => {
    const code = await invite("volunteer");
    expect((await hub.post("/api/accounts", { name: "fay", password: PASSWORD, invitation: code, ...wrong })).status).toBe(status);
    expect((await hub.post("/api/invitations/check", { code })).status).toBe(200);
  });

  test("POST /api/session: a wrong name and a wrong password are answered alike, to the byte", async () => {
    await signUp("gus");
    const disabled = await people.account("disabled");
    await people.accounts.store.changeAccount(disabled.accountId, { disabled: true });
    const answers = [await signIn("gus", "a wrong password"), await signIn("nobody-here", "a wrong password"), await signIn("disabled", "a wrong password"), await signIn("op", "a wrong password")];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const headers = answers.map(({ headers: { date: _date, ratelimit: _ratelimit, ...rest } }) => JSON.stringify(rest));
    expect(new Set(headers).size).toBe(1);
  });

  test("POST /api/session: the cookie is out of reach of scripts and of other sites", async () => {
    await signUp("hal");
    const answer = await signIn(" HAL ", PASSWORD);
    expect(answer.status).toBe(200);
    const cookies = answer.headers["set-cookie"] ?? [];
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^manyhands=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("POST /api/session: always a new session, and the one that was there before ends (fixation)", async () => {
    const victim = await signUp("ivy");
    await signUp("jim");
    const planted = await signIn("ivy", PASSWORD, cookieOf(await signIn("jim", PASSWORD)));
    const own = cookieOf(planted);
    expect(await whoIs(own)).toBe("ivy");
    // One that was made up is not taken over either.
    const madeUp = { cookie: `manyhands=${"a".repeat(43)}` };
    const fresh = cookieOf(await signIn("ivy", PASSWORD, madeUp));
    expect(fresh["cookie"]).not.toBe(madeUp.cookie);
    expect([await whoIs(madeUp), await whoIs(victim)]).toEqual([null, "ivy"]);
    const before = cookieOf(await signIn("jim", PASSWORD));
    await signIn("ivy", PASSWORD, before);
    expect(await whoIs(before)).toBeNull();
  });
});

describe("the end of sessions", () => {
  test("DELETE /api/session, /api/sessions: here, one elsewhere, everywhere", async () => {
    const first = await signUp("kim");
    const [second, third] = [cookieOf(await signIn("kim", PASSWORD)), cookieOf(await signIn("kim", PASSWORD))];
    const { sessions } = sessionsSchema.parse((await hub.ask("/api/sessions", { headers: second })).json());
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions).toHaveLength(3);
    const out = await hub.ask("/api/session", { method: "DELETE", headers: second });
    expect([out.status, out.headers["set-cookie"]?.[0]]).toEqual([204, expect.stringMatching(/^manyhands=; Path=\/; Expires=Thu, 01 Jan 1970/)]);
    expect([await whoIs(first), await whoIs(second), await whoIs(third)]).toEqual(["kim", null, "kim"]);
    expect((await hub.ask("/api/sessions", { method: "DELETE", headers: third })).status).toBe(204);
    expect([await whoIs(first), await whoIs(third)]).toEqual([null, null]);
    expect(hub.changedAccounts).toContain((await people.accounts.store.accountByName("kim"))?.accountId);
  });

  test("sessions: end so long after they began, and after they were last seen", async () => {
    const [idle, used] = [await signUp("lea"), cookieOf(await signIn("lea", PASSWORD))];
    const half = ACCOUNT_LIMITS.sessionIdleMs * 0.6;
    people.clock.nowMs += half;
    expect(await whoIs(used)).toBe("lea");
    people.clock.nowMs += half;
    expect([await whoIs(idle), await whoIs(used)]).toEqual([null, "lea"]);
    for (let day = 0; day < ACCOUNT_LIMITS.sessionMs / half; day++) {
      people.clock.nowMs += half;
      await whoIs(used);
    }
    expect(await whoIs(used)).toBeNull();
  });

  test("PUT /api/account/password: needs the old one, ends the other sessions and renews this one; tokens stay", async () => {
    const [here, elsewhere] = [await signUp("mia"), cookieOf(await signIn("mia", PASSWORD))];
    const token = madeTokenSchema.parse((await hub.post("/api/tokens", { name: "ci", scopes: ["read"], expiresInMs: null }, here)).json());
    const change = (currentPassword: string | undefined) => send("PUT", "/api/account/password", { currentPassword, newPassword: "another long password" }, here);
    expect((await change("a wrong password")).status).toBe(403);
    expect((await change(undefined)).status).toBe(403);
    const changed = await change(PASSWORD);
    expect(changed.status).toBe(204);
    expect([await whoIs(here), await whoIs(elsewhere), await whoIs(cookieOf(changed))]).toEqual([null, null, "mia"]);
    expect([(await signIn("mia", PASSWORD)).status, (await signIn("mia", "another long password")).status]).toEqual([401, 200]);
    expect((await hub.ask("/api/jobs", { headers: { authorization: `Bearer ${token.token}` } })).status).toBe(200);
  });

  test("POST /api/password: by the operator's link, once; it is no invitation", async () => {
    const before = await signUp("ned");
    const ned = await people.accounts.store.accountByName("ned");
    const made = madeInvitationSchema.parse((await hub.ask(`/api/accounts/${ned?.accountId}/password-link`, { method: "POST", headers: await people.session(operator) })).json());
    const code = made.url.split("#")[1] ?? "";
    expect((await hub.post("/api/invitations/check", { code })).json()).toMatchObject({ purpose: "password", forAccount: "ned" });
    expect((await hub.post("/api/accounts", { name: "zoe", password: PASSWORD, invitation: code })).status).toBe(404);
    const reset = await hub.post("/api/password", { code, newPassword: "a brand new password" });
    expect([reset.status, await whoIs(cookieOf(reset)), await whoIs(before)]).toEqual([200, "ned", null]);
    expect((await hub.post("/api/password", { code, newPassword: "and yet another one" })).status).toBe(404);
    expect((await signIn("ned", "a brand new password")).status).toBe(200);
  });
});

describe("other sites", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["a page of another origin", { "origin": "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another origin, in a browser that says no more", { origin: "https://evil.example" }],
    ["a page at another port of this host", { "origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["a sandboxed frame", { "origin": "null", "sec-fetch-site": "cross-site" }],
    ["a browser that leaves the origin out", { "sec-fetch-site": "cross-site" }],
    ["another port, without an origin", { "sec-fetch-site": "same-site" }],
  ];
  test.each(cases)("CSRF: %s changes nothing, also with the cookie", async (_what, headers) => {
    const cookie = await people.session(operator);
    for (const [method, path] of [["POST", "/api/invitations"], ["PUT", "/api/settings"], ["DELETE", "/api/sessions"], ["POST", "/api/session"]] as const) {
      const answer = method === "DELETE" ? await hub.ask(path, { method, headers: { ...cookie, ...headers } }) : await send(method, path, { signUp: true }, { ...cookie, ...headers });
      expect(answer.status).toBe(403);
    }
    expect(await whoIs(cookie)).toBe("op");
    expect(people.accounts.settings.now.signUp).toBe(false);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])("CSRF: what a form can send, %s, is no body of any call", async (type) => {
    const answer = await hub.ask("/api/settings", { method: "PUT", headers: { ...await people.session(operator), "content-type": type }, body: '{"signUp":true}' });
    expect(answer.status).toBe(415);
  });

  test("CSRF: the hub's own page may", async () => {
    const headers = { ...await people.session(operator), "origin": hub.url, "sec-fetch-site": "same-origin" };
    expect((await send("PUT", "/api/settings", { signUpRole: "volunteer" }, headers)).status).toBe(200);
  });

  test("DNS rebinding: under another's name the cookie opens nothing, not even to read", async () => {
    const headers = { ...await people.session(operator), host: `evil.example:${hub.port}` };
    for (const path of ["/api/session", "/api/accounts", "/api/jobs"]) expect((await hub.ask(path, { headers })).status).toBe(421);
  });

  test("clickjacking: no answer may be framed, and every page says so", async () => {
    for (const path of ["/", "/settings", "/sign-in", "/invitation", "/api", "/api/session", "/api/jobs"]) {
      const { headers } = await hub.ask(path, { headers: { ...await people.session(operator), accept: "text/html" } });
      expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
      expect(headers["x-frame-options"], path).toBe("DENY");
    }
  });
});

describe("limits", () => {
  test("POST /api/session: after many wrong passwords a name is not tried any more, whether there is one or not, and others are", async () => {
    const { hub: own, accounts } = await TestPeople.start();
    await accounts.store.createAccount({ ...operator, name: operator.name, passwordHash: null });
    const tryOne = (name: string) => own.post("/api/session", { name, password: "a wrong password" });
    for (const name of ["op", "nobody-here"]) {
      const statuses = [];
      for (let n = 0; n <= ACCOUNT_LIMITS.failuresPerAccount; n++) statuses.push((await tryOne(name)).status);
      expect(statuses).toEqual([...Array.from({ length: ACCOUNT_LIMITS.failuresPerAccount }, () => 401), 429]);
    }
    expect((await tryOne("somebody-else")).status).toBe(401);
    await own.stop();
  });

  test("POST /api/session: many names from one address are limited too", async () => {
    const { hub: own } = await TestPeople.start();
    const statuses = await Promise.all(Array.from({ length: ACCOUNT_LIMITS.failuresPerAddress + 5 }, async (_, n) => (await own.post("/api/session", { name: `name-${n}`, password: "a wrong password" })).status));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
    expect(statuses.every((status) => [401, 429, 503].includes(status))).toBe(true);
    await own.stop();
  });

  test("POST /api/session: right passwords in between do not count", async () => {
    await signUp("oli");
    for (let n = 0; n < ACCOUNT_LIMITS.failuresPerAccount + 2; n++) {
      expect((await signIn("oli", PASSWORD)).status).toBe(200);
    }
  });
});

test("GET /api/audit: who did what, with what was tried and failed, in pages", async () => {
  await signUp("pam");
  await signIn("pam", "a wrong password");
  const headers = await people.session(operator);
  const page = async (query: string) => auditSchema.parse((await hub.ask(`/api/audit?${query}`, { headers })).json());
  const ofPam = await page("account=pam");
  expect(ofPam.entries).toMatchObject([{ action: "sign-in", account: "pam", via: "session", address: "127.0.0.1", detail: "after signing up" }]);
  expect((await page("action=sign-in-failed")).entries[0]).toMatchObject({ account: null, via: "none", target: "pam" });
  await signIn("hunter2 typed into the wrong field", "pam");
  expect((await page("action=sign-in-failed")).entries[0]).toMatchObject({ target: "", detail: "a name that nobody has" });
  expect(JSON.stringify(await page("limit=200"))).not.toContain("hunter2");
  const first = await page("limit=2");
  expect(first.entries).toHaveLength(2);
  expect((await page(`limit=2&cursor=${first.nextCursor}`)).entries[0]).not.toEqual(first.entries[1]);
  expect(JSON.stringify(await page("limit=200"))).not.toContain(PASSWORD);
});
