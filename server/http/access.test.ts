import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { computeServerIdSchema, jobIdSchema, type JobId } from "../../protocol/ids.ts";
import type { StoredAccount } from "../archive/account-store.ts";
import { statusOf, TestPeople } from "./test-people.ts";
import type { TestHub } from "./test-hub.ts";

// Who may call what, of every call there is. The job, the session, the token … of each row are Ann's; the job is private.

const JSON_TYPE = { "content-type": "application/json" };
const SOURCE = "export default (n) => n";
const EXECUTABLE_ID = createHash("sha256").update(SOURCE).digest("hex");
const PUT_SOURCE = "export default (n) => n + 1";
const PUT_ID = createHash("sha256").update(PUT_SOURCE).digest("hex");
const NO_JOB = jobIdSchema.parse("none-needed");
const COMPUTE_SERVER = "server-00001";

/** What each caller is answered: Ann, Bob (a submitter too), a volunteer, nobody, a token of Ann's that is over, one of Ann's without the scope, the operator. */
type Statuses = readonly [ann: number, bob: number, volunteer: number, nobody: number, expired: number, narrow: number, operator: number];
const CALLERS = ["ann", "bob", "volunteer", "nobody", "expired", "narrow", "operator"] as const;

const same = (status: number): Statuses => [status, status, status, status, status, status, status];
/** May not be known to exist: 404. A token is told before anything is looked for. */
const READ_JOB: Statuses = [200, 404, 404, 404, 401, 403, 200];
const STEER_JOB: Statuses = READ_JOB;
const SUBMIT = (status: number): Statuses => [status, status, 403, 401, 401, 403, status];
const OPERATE = (status: number): Statuses => [403, 403, 403, 401, 401, 403, status];
const IN_PERSON = (status: number): Statuses => [status, status, status, 401, 401, 403, status];
const READ_ANY: Statuses = [200, 200, 200, 200, 401, 403, 200];

interface Row {
  readonly statuses: Statuses;
  readonly path?: (jobId: JobId) => string;
  readonly body?: string;
  readonly type?: string;
}

const row = (statuses: Statuses, body?: object | string, path?: Row["path"]): Row => ({
  statuses, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }), ...(path === undefined ? {} : { path }),
});

const TABLE: Readonly<Record<string, Row>> = {
  "post /api/jobs": row(SUBMIT(202), { name: "x", executable: { source: "export default () => 0" }, inputs: [1] }),
  "get /api/jobs": row([200, 200, 200, 401, 401, 403, 200]),
  "get /api/jobs/{jobId}": row(READ_JOB),
  "post /api/jobs/{jobId}/pause": row(STEER_JOB),
  "post /api/jobs/{jobId}/resume": row(STEER_JOB),
  "post /api/jobs/{jobId}/cancel": row(STEER_JOB),
  "post /api/jobs/{jobId}/retry": row(STEER_JOB),
  "delete /api/jobs/{jobId}": row([204, 404, 404, 404, 401, 403, 204]),
  // Ann's job still runs: it cannot be kept yet.
  "post /api/jobs/{jobId}/keep": row([409, 404, 404, 404, 401, 403, 409]),
  "get /api/jobs/{jobId}/sharing": row(STEER_JOB),
  "put /api/jobs/{jobId}/sharing": row(STEER_JOB, { visibility: "private" }),
  "get /api/jobs/{jobId}/tasks": row(READ_JOB),
  "get /api/jobs/{jobId}/results": row(READ_JOB),
  "get /api/jobs/{jobId}/results/{index}": row(READ_JOB, undefined, (jobId) => `/api/jobs/${jobId}/results/0`),
  "get /api/jobs/{jobId}/picture.png": row(READ_JOB),
  "get /api/jobs/{jobId}/events": row(READ_JOB),
  "get /api/gallery": row(READ_ANY),
  "put /api/executables/{executableId}": { ...row([201, 201, 403, 401, 401, 403, 201], PUT_SOURCE, () => `/api/executables/${PUT_ID}`), type: "text/javascript" },
  "get /api/executables/{executableId}": row(READ_JOB, undefined, () => `/api/executables/${EXECUTABLE_ID}`),
  "get /compute/executables/{executableId}": row(same(401), undefined, () => `/compute/executables/${EXECUTABLE_ID}`),
  "get /compute/blobs/{blobId}": row(same(401), undefined, () => `/compute/blobs/${EXECUTABLE_ID}`),
  "post /compute/blobs": { ...row(same(401), "x"), type: "application/octet-stream" },
  "get /compute": row(same(426)),
  "get /api/grid": row(same(200)),
  "get /api/policies": row(same(200)),
  "get /api/load-balancers": row(READ_ANY),
  "get /api/compute-servers": row(READ_ANY),
  "get /api/compute-servers/{computeServerId}": row([404, 404, 404, 404, 401, 403, 404], undefined, () => `/api/compute-servers/${COMPUTE_SERVER}`),
  "get /api/session": row(same(200)),
  "post /api/session": row(same(401), { name: "ann", password: "a wrong password" }),
  "delete /api/session": row(IN_PERSON(204)),
  "get /api/sessions": row(IN_PERSON(200)),
  "delete /api/sessions": row(IN_PERSON(204)),
  "delete /api/sessions/{sessionId}": row(IN_PERSON(404), undefined, () => "/api/sessions/of-nobody"),
  "post /api/accounts": row(same(403), { name: "eve", password: "long enough" }),
  "put /api/account": row(IN_PERSON(200), { email: null }),
  "put /api/account/password": row(IN_PERSON(400), { newPassword: "short" }),
  "post /api/password": row(same(404), { code: "no such code", newPassword: "long enough" }),
  "get /api/tokens": row(IN_PERSON(200)),
  "post /api/tokens": row(IN_PERSON(201), { name: "ci", scopes: ["read"], expiresInMs: null }),
  "delete /api/tokens/{tokenId}": row(IN_PERSON(404), undefined, () => "/api/tokens/of-nobody"),
  "post /api/invitations/check": row(same(404), { code: "no such code" }),
  "get /api/invitations": row(OPERATE(200)),
  "post /api/invitations": row(OPERATE(201), { role: "volunteer", uses: 1, expiresInMs: 1_000 }),
  "delete /api/invitations/{invitationId}": row(OPERATE(404), undefined, () => "/api/invitations/of-nobody"),
  "post /api/accounts/{accountId}/password-link": row(OPERATE(201), undefined, () => "/api/accounts/account-bob/password-link"),
  "get /api/oidc/start": row(same(404)),
  "get /api/oidc/callback": row(same(404)),
  "get /api/accounts": row(OPERATE(200)),
  "put /api/accounts/{accountId}": row(OPERATE(200), { vouched: false }, () => "/api/accounts/account-bob"),
  "get /api/settings": row(OPERATE(200)),
  "put /api/settings": row(OPERATE(200), { signUp: false }),
  "get /api/audit": row(OPERATE(200)),
  "get /healthz": row(same(200)),
  "get /readyz": row(same(200)),
  "get /metrics": row(OPERATE(200)),
  "get /api/openapi.json": row(same(200)),
};

let people: TestPeople;
let hub: TestHub;
let ann: StoredAccount;
let bob: StoredAccount;
let callers: Readonly<Record<(typeof CALLERS)[number], () => Promise<Record<string, string>>>>;

beforeAll(async () => {
  people = await TestPeople.start();
  hub = people.hub;
  ann = await people.account("ann");
  bob = await people.account("bob");
  const [volunteer, operator] = [await people.account("val", "volunteer"), await people.account("op", "operator")];
  const [expired, narrow] = [await people.token(ann, ["read", "submit", "compute"], 1_000), await people.token(ann, ["compute"])];
  people.clock.nowMs += 2_000;
  callers = {
    ann: () => people.session(ann), bob: () => people.session(bob), volunteer: () => people.session(volunteer), operator: () => people.session(operator),
    nobody: () => Promise.resolve({}), expired: () => Promise.resolve(expired), narrow: () => Promise.resolve(narrow),
  };
});
afterAll(async () => { await hub.stop(); });

async function submitAs(headers: Record<string, string>, options: object = {}, key?: string, source = SOURCE): Promise<JobId> {
  const answer = await hub.post("/api/jobs", {
    name: "a secret job", executable: { source }, inputs: [1, 2, 3], view: { kind: "image", width: 2, height: 2 }, options,
  }, { ...headers, ...(key === undefined ? {} : { "idempotency-key": key }) });
  return z.object({ jobId: jobIdSchema }).parse(answer.json()).jobId;
}

describe("every call", () => {
  test("AccessRules: the table below names every call that there is", async () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse((await hub.ask("/api/openapi.json")).json());
    const calls = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(calls.toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  test.each(Object.keys(TABLE))("AccessRules: %s answers each caller what it may know", async (call) => {
    const { statuses, path, body, type } = TABLE[call] ?? row(same(0));
    const [method = "", template = ""] = call.split(" ");
    for (const [i, caller] of CALLERS.entries()) {
      const jobId = template.includes("{jobId}") || template.includes("executables") ? await submitAs(await callers.ann()) : NO_JOB;
      if (template.includes("{jobId}")) await hub.finish(jobId, 0, [1]);
      const target = path?.(jobId) ?? template.replace("{jobId}", jobId);
      const headers = { ...await callers[caller](), ...(body === undefined ? {} : type === undefined ? JSON_TYPE : { "content-type": type }) };
      expect(await statusOf(hub, method.toUpperCase(), target, headers, body), `${caller} asks ${target}`).toBe(statuses[i]);
    }
  });
});

const READING = ["", "/tasks", "/results", "/results/0", "/picture.png", "/events"];

async function readingStatuses(jobId: JobId, headers: Record<string, string>, query = ""): Promise<number[]> {
  return await Promise.all(READING.map((call) => statusOf(hub, "GET", `/api/jobs/${jobId}${call}${query}`, headers)));
}

describe("shared jobs", () => {
  test("visibility: of a public job everybody may read, and nobody else steer", async () => {
    const jobId = await submitAs(await callers.ann(), { visibility: "public" });
    await hub.finish(jobId, 0, [1]);
    for (const headers of [await callers.bob(), await callers.nobody()]) expect(await readingStatuses(jobId, headers)).toEqual(READING.map(() => 200));
    expect(await statusOf(hub, "POST", `/api/jobs/${jobId}/cancel`, await callers.bob())).toBe(403);
    expect(await statusOf(hub, "POST", `/api/jobs/${jobId}/cancel`, {})).toBe(401);
    await hub.grid.setState(jobId, "running");
    expect((await hub.ask("/api/gallery")).text).toContain(jobId);
    expect((await hub.ask(`/api/jobs/${jobId}`)).json()).toMatchObject({ visibility: "public", public: true, maySteer: false, owner: "ann" });
  });

  test("visibility: a link's key opens every reading call, in links that carry it on, until it is renewed or revoked", async () => {
    const source = "export default (n) => n - 1";
    const executableId = createHash("sha256").update(source).digest("hex");
    const jobId = await submitAs(await callers.ann(), { visibility: "link" }, undefined, source);
    await hub.finish(jobId, 0, [1]);
    const sharing = async (body: object) => z.object({ key: z.nullable(z.string()), visibility: z.string(), resultUrl: z.string() }).parse((await hub.ask(`/api/jobs/${jobId}/sharing`, {
      method: "PUT", headers: { ...await callers.ann(), ...JSON_TYPE }, body: JSON.stringify(body),
    })).json());
    const { key, resultUrl } = await sharing({ visibility: "link" });
    expect(key).toMatch(/^[\w-]{24}$/);
    expect(resultUrl).toBe(`${hub.url}/results/${jobId}?key=${key}`);
    expect(await readingStatuses(jobId, {}, `?key=${key}`)).toEqual(READING.map(() => 200));
    expect((await hub.ask(`/api/jobs/${jobId}?key=${key}`)).json()).toMatchObject({ maySteer: false, resultUrl, pictureUrl: expect.stringContaining(`?key=${key}`) });
    expect(await statusOf(hub, "GET", `/api/executables/${executableId}?key=${key}`, {})).toBe(200);
    expect(await statusOf(hub, "POST", `/api/jobs/${jobId}/cancel?key=${key}`, {})).toBe(401);
    expect(await statusOf(hub, "GET", `/api/jobs/${jobId}/sharing?key=${key}`, await callers.bob())).toBe(403);
    for (const wrong of ["", "?key=", "?key=x", `?key=${key}x`, `?key=${key}&key=${key}`, `?key=${"k".repeat(5_000)}`]) {
      expect(await readingStatuses(jobId, await callers.bob(), wrong), wrong).toEqual(READING.map(() => 404));
    }
    const { key: renewed } = await sharing({ visibility: "link", renew: true });
    expect(renewed).not.toBe(key);
    expect(await readingStatuses(jobId, {}, `?key=${key}`)).toEqual(READING.map(() => 404));
    expect(await readingStatuses(jobId, {}, `?key=${renewed}`)).toEqual(READING.map(() => 200));
    expect(await sharing({ visibility: "private" })).toMatchObject({ key: null, visibility: "private" });
    expect(await readingStatuses(jobId, {}, `?key=${renewed}`)).toEqual(READING.map(() => 404));
    expect(await statusOf(hub, "GET", `/api/executables/${executableId}?key=${renewed}`, {})).toBe(404);
  });

  test("visibility: a stream that is open ends when the link is revoked, and the owner's goes on", async () => {
    const jobId = await submitAs(await callers.ann(), { visibility: "link" });
    const { shareKey } = await hub.archive.job(jobId) ?? { shareKey: null };
    const [guest, owner] = [await openStream(`/api/jobs/${jobId}/events?key=${shareKey}`, {}), await openStream(`/api/jobs/${jobId}/events`, await callers.ann())];
    await hub.ask(`/api/jobs/${jobId}/sharing`, { method: "PUT", headers: { ...await callers.ann(), ...JSON_TYPE }, body: '{"visibility":"private"}' });
    await guest.ended;
    expect(owner.hasEnded()).toBe(false);
    owner.leave();
  });

  test("visibility: private where a job does not say, `public` as of old", async () => {
    const visibility = async (options: object) => (await hub.ask(`/api/jobs/${await submitAs(await callers.ann(), options)}`, { headers: await callers.ann() })).json();
    expect(await visibility({})).toMatchObject({ visibility: "private", public: false });
    expect(await visibility({ public: true })).toMatchObject({ visibility: "public", public: true });
    expect(await visibility({ public: false })).toMatchObject({ visibility: "private" });
  });
});

function openStream(path: string, headers: Record<string, string>): Promise<{ ended: Promise<void>; hasEnded: () => boolean; leave: () => void }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port: hub.port, path, headers, agent: false }, (response) => {
      let done = false;
      const ended = new Promise<void>((end) => { response.on("close", () => { done = true; end(); }); });
      response.on("error", () => undefined);
      response.once("data", () => resolve({ ended, hasEnded: () => done, leave: () => request.destroy() }));
    });
    request.on("error", (error) => reject(error));
    request.end();
  });
}

describe("what is another's", () => {
  test("GET /api/jobs: one's own, and to the operator all", async () => {
    const [ofAnn, ofBob] = [await submitAs(await callers.ann()), await submitAs(await callers.bob())];
    const listed = async (headers: Record<string, string>) => (await hub.ask("/api/jobs?limit=200", { headers })).text;
    expect([(await listed(await callers.ann())).includes(ofAnn), (await listed(await callers.ann())).includes(ofBob)]).toEqual([true, false]);
    expect((await listed(await callers.bob())).includes(ofAnn)).toBe(false);
    const all = await listed(await callers.operator());
    expect([ofAnn, ofBob].map((jobId) => all.includes(jobId))).toEqual([true, true]);
    expect((await hub.ask("/api/gallery", { headers: await callers.bob() })).text).not.toContain(ofAnn);
  });

  test("Idempotency-Key: another's key answers no job of theirs", async () => {
    const [ofAnn, ofBob] = [await submitAs(await callers.ann(), {}, "the same key"), await submitAs(await callers.bob(), {}, "the same key")];
    expect(ofAnn).not.toBe(ofBob);
    expect(await submitAs(await callers.ann(), {}, "the same key")).toBe(ofAnn);
  });

  test("Executables: who knows a hash can neither read it, nor submit it, nor learn that it is there", async () => {
    const source = "export default (n) => n * 31_337";
    const id = createHash("sha256").update(source).digest("hex");
    const put = async (headers: Record<string, string>) => await hub.ask(`/api/executables/${id}`, { method: "PUT", headers: { ...headers, "content-type": "text/javascript" }, body: source });
    const byId = async (headers: Record<string, string>, executableId: string) => await hub.post("/api/jobs", { name: "x", executable: { id: executableId }, inputs: [1] }, headers);
    expect((await put(await callers.ann())).status).toBe(201);
    const [known, unknown] = [await byId(await callers.bob(), id), await byId(await callers.bob(), "0".repeat(64))];
    expect([known.status, known.text.replaceAll(id, "")]).toEqual([404, unknown.text.replaceAll("0".repeat(64), "")]);
    expect(await statusOf(hub, "GET", `/api/executables/${id}`, await callers.bob())).toBe(404);
    // Bob sends the same bytes: to him it is new, and his own.
    const stored = await put(await callers.bob());
    expect([stored.status, stored.json()]).toMatchObject([201, { owner: "bob" }]);
    expect((await byId(await callers.bob(), id)).status).toBe(202);
    expect((await put(await callers.ann())).json()).toMatchObject({ owner: "ann" });
  });

  test("GET /api/compute-servers: the job that one may not see is none", async () => {
    const jobId = await submitAs(await callers.ann());
    const computeServerId = computeServerIdSchema.parse(COMPUTE_SERVER);
    hub.grid.servers = [{
      computeServerId, name: "tab", engine: "chromium-1", capabilities: [], memoryMiB: null, connected: true, leaseLeftMs: 1, slots: 1, runningTasks: 1, queuedTasks: 0, waitingFor: null, jobId,
      statistics: { tasksCompleted: 0, tasksFailed: 0, totalTimeMs: 0, lastCompletionAtMs: null, speed: 1, registeredAtMs: 1, checksPassed: 0, checksFailed: 0 },
    }];
    for (const [headers, shown] of [[await callers.ann(), jobId], [await callers.operator(), jobId], [await callers.bob(), null], [{}, null]] as const) {
      expect((await hub.ask(`/api/compute-servers/${computeServerId}`, { headers })).json()).toMatchObject({ jobId: shown });
      expect((await hub.ask("/api/compute-servers", { headers })).json()).toMatchObject({ computeServers: [{ jobId: shown }] });
    }
    hub.grid.servers = [];
  });

  test("AccessRules: a token of an operator reads and steers others' jobs with the scope `admin` alone", async () => {
    const operator = await people.account("op2", "operator");
    const jobId = await submitAs(await callers.ann());
    expect(await statusOf(hub, "GET", `/api/jobs/${jobId}`, await people.token(operator, ["read", "submit"]))).toBe(404);
    expect(await statusOf(hub, "GET", `/api/jobs/${jobId}`, await people.token(operator, ["read", "admin"]))).toBe(200);
  });

  test("AccessRules: a token does no more than its account may now, whatever it was made for", async () => {
    const cat = await people.account("cat", "submitter");
    const token = await people.token(cat, ["submit", "read"]);
    const body = { name: "x", executable: { source: SOURCE }, inputs: [1] };
    expect((await hub.post("/api/jobs", body, token)).status).toBe(202);
    await people.accounts.store.changeAccount(cat.accountId, { role: "volunteer" });
    expect((await hub.post("/api/jobs", body, token)).status).toBe(403);
    await people.accounts.store.changeAccount(cat.accountId, { disabled: true });
    expect((await hub.post("/api/jobs", body, token)).status).toBe(401);
  });

  test("GET /api/jobs/{jobId}: whether mail was asked for is for who may steer it", async () => {
    const jobId = await submitAs(await callers.ann(), { visibility: "public", notify: { email: "ann@example.org" } });
    const seen = async (headers: Record<string, string>) => (await hub.ask(`/api/jobs/${jobId}`, { headers })).json();
    expect(await seen(await callers.ann())).toMatchObject({ notify: "email-not-set-up", maySteer: true });
    expect(await seen(await callers.bob())).toMatchObject({ notify: null, maySteer: false });
  });
});
