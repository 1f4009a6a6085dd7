import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeInvitationSchema } from "../../protocol/http/accounts-invitations.ts";
import { madeTokenSchema, tokensSchema } from "../../protocol/http/accounts-tokens.ts";
import type { StoredAccount } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { sessionCookieName } from "../accounts/credentials.ts";
import type { TestHub } from "./test-hub.ts";
import { TestPeople } from "./test-people.ts";

let people: TestPeople;
let hub: TestHub;
let ann: StoredAccount;
beforeAll(async () => {
  people = await TestPeople.start();
  hub = people.hub;
  ann = await people.account("ann");
});
afterAll(async () => { await hub.stop(); });

async function make(account: StoredAccount, scopes: readonly string[], expiresInMs: number | null = null) {
  return await hub.post("/api/tokens", { name: "ci", scopes, expiresInMs }, await people.session(account));
}

const reads = async (token: string) => (await hub.ask("/api/jobs", { headers: { authorization: `Bearer ${token}` } })).status;

test("POST /api/tokens: shown once, listed without what it says, used, expired, revoked", async () => {
  const made = madeTokenSchema.parse((await make(ann, ["read", "read"], 60_000)).json());
  expect(made).toMatchObject({ name: "ci", scopes: ["read"], expiresAt: made.createdAt + 60_000, lastUsedAt: null, token: expect.stringMatching(/^mh_[\w-]{43}$/) });
  expect(await reads(made.token)).toBe(200);
  const listed = await hub.ask("/api/tokens", { headers: await people.session(ann) });
  expect(listed.text).not.toContain(made.token);
  expect(tokensSchema.parse(listed.json()).tokens.find(({ tokenId }) => tokenId === made.tokenId)?.lastUsedAt).toBeGreaterThan(0);
  people.clock.nowMs += 60_000;
  expect(await reads(made.token)).toBe(401);
  const other = madeTokenSchema.parse((await make(ann, ["read"])).json());
  expect(await reads(other.token)).toBe(200);
  const revoke = async (headers: Record<string, string>) => (await hub.ask(`/api/tokens/${other.tokenId}`, { method: "DELETE", headers })).status;
  expect(await revoke(await people.session(await people.account("bob")))).toBe(404);
  expect(await revoke({ authorization: `Bearer ${other.token}` })).toBe(204);
  expect(await reads(other.token)).toBe(401);
});

test.each([["volunteer", "submit"], ["volunteer", "admin"], ["submitter", "admin"]] as const)("POST /api/tokens: a %s gets none for %s", async (role, scope) => {
  const answer = await make(await people.account(`${role}-${scope}`, role), ["read", scope]);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain("can do no more than its account");
});

test("POST /api/tokens: so many of one account, and not by a token", async () => {
  const cat = await people.account("cat");
  for (let n = 0; n < ACCOUNT_LIMITS.tokensPerAccount; n++) await people.token(cat, ["read"]);
  expect((await make(cat, ["read"])).status).toBe(409);
  const answer = await hub.post("/api/tokens", { name: "x", scopes: ["read"], expiresInMs: null }, await people.token(ann, ["read", "submit"]));
  expect(answer.status).toBe(403);
});

test.each(["mh_", "mh_short", `mh_${"a".repeat(43)}`, "a".repeat(5_000), "mh_\u0001"])("principal: %j is no token, and a good cookie beside it does not make up for it", async (token) => {
  if (/^[\x21-\x7e]+$/.test(token)) expect((await hub.ask("/api/jobs", { headers: { ...await people.session(ann), authorization: `Bearer ${token}` } })).status).toBe(401);
  else expect((await hub.ask("/api/jobs", { headers: { cookie: `${sessionCookieName(false)}=${encodeURIComponent(token)}` } })).status).toBe(401);
});

test("secrets: no token, cookie, password or code of a link is in the data folder", async () => {
  const password = "a password that nobody else has";
  const operator = await people.account("op", "operator");
  const invited = madeInvitationSchema.parse((await hub.post("/api/invitations", { role: "submitter", uses: 2, expiresInMs: 60_000 }, await people.session(operator))).json());
  const code = invited.url.split("#")[1] ?? "";
  const signedUp = await hub.post("/api/accounts", { name: "dan", password, invitation: code });
  const cookie = /=([\w-]+);/.exec(signedUp.headers["set-cookie"]?.[0] ?? "")?.[1] ?? "";
  const { token } = madeTokenSchema.parse((await make(ann, ["read"])).json());
  const folder = join(hub.folder, "data");
  const files = (await readdir(folder)).filter((name) => name.startsWith("manyhands.sqlite"));
  const stored = Buffer.concat(await Promise.all(files.map((name) => readFile(join(folder, name)))));
  expect(stored.indexOf("dan")).toBeGreaterThan(0);
  for (const secret of [password, code, cookie, token, token.slice(3)]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(stored.indexOf(secret)).toBe(-1);
  }
});
