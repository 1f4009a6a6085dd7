import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLOSE_CODES } from "../protocol/close-codes.ts";
import { storedBlobSchema } from "../protocol/http/blob.ts";
import { madeInvitationSchema } from "../protocol/http/accounts-invitations.ts";
import { madeTokenSchema, type Scope } from "../protocol/http/accounts-tokens.ts";
import { sessionSchema, type Account, type Role, type Volunteers } from "../protocol/http/accounts.ts";
import { submittedSchema } from "../protocol/http/submission.ts";
import { encodeValue } from "../protocol/value.ts";
import { TestTab } from "./compute-link/test-tab.ts";
import { startHub, type Hub } from "./hub.ts";
import { readHubOptions } from "./options.ts";

// A whole hub with accounts: who lends a hand, and what becomes of it.

const PASSWORD = "correct horse battery staple";
type Headers = Record<string, string>;

let dataDir: string;
let hub: Hub;
let operator: Headers;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "manyhands-accounts-"));
  hub = await start();
  operator = (await signUp("op", hub.operatorLink?.split("#")[1] ?? "")).headers;
});
afterAll(async () => {
  await hub.close();
  await rm(dataDir, { recursive: true });
});

function start(...more: string[]): Promise<Hub> {
  const options = readHubOptions(["--port", "0", "--data", dataDir, "--no-open", "--accounts", ...more]);
  return startHub({ ...options, logger: pino({ level: "silent" }), onFatal: (error) => { throw error; } });
}

const ask = (method: string, path: string, headers: Headers, body?: unknown) => fetch(`${hub.url}${path}`, {
  method, headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

async function signUp(name: string, invitation: string): Promise<{ account: Account; headers: Headers }> {
  const answer = await ask("POST", "/api/accounts", {}, { name, password: PASSWORD, invitation });
  const { account } = sessionSchema.parse(await answer.json());
  if (account === null) throw new Error(`Cannot sign up as ${name}`);
  return { account, headers: { cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "" } };
}

async function person(name: string, role: Role = "submitter") {
  const made = madeInvitationSchema.parse(await (await ask("POST", "/api/invitations", operator, { role, uses: 1, expiresInMs: 60_000 })).json());
  return await signUp(name, made.url.split("#")[1] ?? "");
}

async function token(headers: Headers, scopes: Scope[]): Promise<string> {
  return madeTokenSchema.parse(await (await ask("POST", "/api/tokens", headers, { name: "tab", scopes, expiresInMs: null })).json()).token;
}

async function account(headers: Headers): Promise<Account | null> {
  return sessionSchema.parse(await (await ask("GET", "/api/session", headers)).json()).account;
}

async function admit(volunteers: Volunteers): Promise<void> {
  expect((await ask("PUT", "/api/settings", operator, { volunteers })).status).toBe(200);
}

async function expectRefused(opening: { headers?: Headers; protocols?: string[] }, words: RegExp): Promise<void> {
  const tab = await TestTab.open(hub.port, undefined, opening);
  tab.register();
  expect(await tab.closed).toMatchObject({ code: CLOSE_CODES.signIn });
  expect(tab.all("refuse")).toMatchObject([{ reason: expect.stringMatching(words), reload: false }]);
}

async function submit(headers: Headers, tasks: number): Promise<string> {
  const answer = await ask("POST", "/api/jobs", headers, { name: "job", executable: { source: "export default (n) => n" }, inputs: { range: { start: 0, end: tasks } }, options: { verification: "first" } });
  return submittedSchema.parse(await answer.json()).jobId;
}

describe("the first operator", () => {
  test("Hub.operatorLink: makes one operator, and is there no more once there is one, unless it is asked for", async () => {
    expect(await account(operator)).toMatchObject({ name: "op", role: "operator", vouched: true });
    const first = hub.operatorLink ?? "";
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invitation#[\w-]{43}$/);
    expect((await ask("POST", "/api/accounts", {}, { name: "op2", password: PASSWORD, invitation: first.split("#")[1] })).status).toBe(404);
    await hub.close();
    hub = await start();
    expect(hub.operatorLink).toBeNull();
    await hub.close();
    hub = await start("--operator-link");
    const again = await signUp("locked-out", hub.operatorLink?.split("#")[1] ?? "");
    expect(again.account.role).toBe("operator");
    expect((await ask("GET", "/api/audit?action=operator-link-made", operator)).status).toBe(200);
  });
});

describe("who may lend a hand", () => {
  test("volunteers: anonymous: anybody, and who is signed in as themselves; a token that is no good is told so", async () => {
    await admit("anonymous");
    const { headers } = await person("vera", "volunteer");
    const [nobody, vera] = [await TestTab.join(hub.port), await TestTab.join(hub.port, {}, { headers })];
    await expectRefused({ headers: { authorization: "Bearer mh_nonsense" } }, /none of this hub/);
    await expectRefused({ headers: { authorization: `Bearer ${await token(headers, ["read"])}` } }, /lacks the scope "compute"/);
    await Promise.all([nobody.leave(), vera.leave()]);
  });

  test("volunteers: accounts: who is signed in, by cookie, header or subprotocol, which is not said back", async () => {
    await admit("accounts");
    const { headers } = await person("walt", "volunteer");
    await expectRefused({}, /takes volunteers who are signed in/);
    const compute = await token(headers, ["compute"]);
    for (const opening of [{ headers }, { headers: { authorization: `Bearer ${compute}` } }, { protocols: ["manyhands", compute] }]) {
      const tab = await TestTab.join(hub.port, {}, opening);
      expect(tab.socket.protocol).toBe("protocols" in opening ? "manyhands" : "");
      await tab.leave();
    }
    await admit("anonymous");
  });

  test("volunteers: invited: not who signed up without an invitation, until the operator says so", async () => {
    await ask("PUT", "/api/settings", operator, { volunteers: "invited", signUp: true });
    const invited = await person("xena", "volunteer");
    const selfMade = await ask("POST", "/api/accounts", {}, { name: "yuri", password: PASSWORD });
    const headers = { cookie: selfMade.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    await (await TestTab.join(hub.port, {}, { headers: invited.headers })).leave();
    await expectRefused({ headers }, /takes invited volunteers/);
    await ask("PUT", `/api/accounts/${(await account(headers))?.accountId}`, operator, { invited: true });
    await (await TestTab.join(hub.port, {}, { headers })).leave();
    await ask("PUT", "/api/settings", operator, { volunteers: "anonymous", signUp: false });
  });

  test.each([["another site's page", { origin: "https://evil.example" }], ["another name (DNS rebinding)", { host: "evil.example" }], ["a frame of another site", { "sec-fetch-site": "cross-site" }]])(
    "the link: %s cannot open it, with the cookie neither", async (_what, more) => {
      const { headers } = { headers: operator };
      const tab = new TestTab(hub.port, undefined, { headers: { ...headers, ...more } });
      expect(await tab.closed).toMatchObject({ code: 1006 });
      expect(tab.received).toEqual([]);
    },
  );
});

describe("leases and credit", () => {
  test("resume: another's token takes no one's lease: not without an account, not by another account, not without the token", async () => {
    const [ann, bob] = [await person("ann"), await person("bob")];
    const tab = await TestTab.join(hub.port, { slots: 0 }, { headers: ann.headers });
    const resume = tab.identity;
    for (const opening of [{ headers: bob.headers }, {}]) {
      const thief = await TestTab.open(hub.port, undefined, opening);
      thief.register({ resume });
      expect(await thief.closed).toMatchObject({ code: CLOSE_CODES.forbidden });
    }
    const guesser = await TestTab.open(hub.port, undefined, { headers: ann.headers });
    guesser.register({ resume: { ...resume, resumeToken: (await TestTab.join(hub.port, { slots: 0 })).identity.resumeToken } });
    expect(await guesser.closed).toMatchObject({ code: CLOSE_CODES.forbidden });
    // Nothing of it has touched the tab: it comes back as itself.
    expect(tab.socket.readyState).toBe(tab.socket.OPEN);
    await tab.leave();
    await (await TestTab.join(hub.port, { resume, slots: 0 }, { headers: ann.headers })).leave();
  });

  test("work: what a signed-in volunteer's tab completes is in the account, also of a hub that was stopped", async () => {
    const [carl, sub] = [await person("carl", "volunteer"), await person("sub")];
    const tab = await TestTab.join(hub.port, { slots: 1 }, { headers: carl.headers });
    const jobId = await submit(sub.headers, 5);
    let completed = 0;
    for (let n = 0; completed < 5; n++) {
      const assign = await tab.first("assign", n);
      expect(assign.jobId).toBe(jobId);
      const ranges = assign.ranges;
      tab.report(assign, n + 1, ranges);
      completed += ranges.reduce((sum, [from, to]) => sum + to - from, 0);
      await tab.first("acknowledge", n);
    }
    await hub.close();
    hub = await start();
    expect((await account(carl.headers))?.work).toMatchObject({ tasksCompleted: 5, tasksFailed: 0 });
    expect((await account(sub.headers))?.work).toMatchObject({ tasksCompleted: 0 });
  });

  test("PUT /api/accounts/{accountId}: a disabled account's tab is cut off and does not come back", async () => {
    const dora = await person("dora", "volunteer");
    const tab = await TestTab.join(hub.port, { slots: 0 }, { headers: dora.headers });
    await ask("PUT", `/api/accounts/${dora.account.accountId}`, operator, { disabled: true });
    expect(await tab.closed).toMatchObject({ code: CLOSE_CODES.goingAway });
    const back = await TestTab.open(hub.port, undefined, { headers: dora.headers });
    back.register({ resume: tab.identity });
    expect(await back.closed).toMatchObject({ code: CLOSE_CODES.forbidden });
  });

  test("outcomes: a blob that another Compute Server brought is no output of one's own, however well its hash is known", async () => {
    const sub = await person("sub2");
    const [one, thief] = [await TestTab.join(hub.port, { slots: 0 }), await TestTab.join(hub.port, { slots: 1 })];
    const secret = encodeValue("a secret output ".repeat(10_000));
    const stored = await fetch(`${hub.url}/compute/blobs`, {
      method: "POST", body: new Uint8Array(secret), headers: { "content-type": "application/octet-stream", "x-compute-server": one.identity.computeServerId, "authorization": `Bearer ${one.identity.resumeToken}` },
    });
    const { blobId, bytes } = storedBlobSchema.parse(await stored.json());
    await submit(sub.headers, 1);
    const assign = await thief.first("assign");
    thief.report(assign, 1, [[0, 1]], { large: [{ index: 0, blobId, bytes }] });
    expect(await thief.closed).toMatchObject({ code: CLOSE_CODES.malformed });
    const read = await fetch(`${hub.url}/compute/blobs/${blobId}`, { headers: { "x-compute-server": thief.identity.computeServerId, "authorization": `Bearer ${thief.identity.resumeToken}` } });
    expect(read.status).toBe(404);
    await one.leave();
  });
});
