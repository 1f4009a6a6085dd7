import { createHash } from "node:crypto";
import { decodeMulti } from "@msgpack/msgpack";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
// The document is read as a stranger's program would: zod/mini knows no JSON Schema.
import { fromJSONSchema } from "zod";
import * as z from "zod/mini";
import { problemSchema } from "../protocol/http/problem.ts";
import { encodeValue } from "../protocol/value.ts";
import { jobEvents } from "../sdk/job-events.ts";
import { HubProcess } from "./hub-process.ts";
import { busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

const answerSchema = z.object({ description: z.string(), content: z.optional(z.record(z.string(), z.object({ schema: z.optional(z.looseObject({})) }))) });
const operationSchema = z.object({ responses: z.record(z.string(), answerSchema), requestBody: z.optional(z.object({ content: z.record(z.string(), z.unknown()) })) });
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** A call of an operation: what stands in its path, and what is sent. */
interface Sample {
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A hub on loopback has no accounts: each of these answers so (server/http/access.test.ts asks a hub that has). */
const ACCOUNT_CALLS: readonly (readonly [string, string, string?])[] = [
  ["post /api/session", "/api/session", '{"name":"ann","password":"a password"}'], ["delete /api/session", "/api/session"],
  ["get /api/sessions", "/api/sessions"], ["delete /api/sessions", "/api/sessions"], ["delete /api/sessions/{sessionId}", "/api/sessions/x"],
  ["post /api/accounts", "/api/accounts", '{"name":"ann","password":"long enough"}'], ["put /api/account", "/api/account", '{"email":null}'],
  ["put /api/account/password", "/api/account/password", '{"newPassword":"long enough"}'], ["post /api/password", "/api/password", '{"code":"x","newPassword":"long enough"}'],
  ["get /api/tokens", "/api/tokens"], ["post /api/tokens", "/api/tokens", '{"name":"ci","scopes":["read"],"expiresInMs":null}'], ["delete /api/tokens/{tokenId}", "/api/tokens/x"],
  ["post /api/invitations/check", "/api/invitations/check", '{"code":"x"}'], ["get /api/invitations", "/api/invitations"],
  ["post /api/invitations", "/api/invitations", '{"role":"submitter","uses":1,"expiresInMs":1000}'], ["delete /api/invitations/{invitationId}", "/api/invitations/x"],
  ["post /api/accounts/{accountId}/password-link", "/api/accounts/nobody-00/password-link"], ["get /api/oidc/start", "/api/oidc/start"], ["get /api/oidc/callback", "/api/oidc/callback"],
  ["get /api/accounts", "/api/accounts"], ["put /api/accounts/{accountId}", "/api/accounts/nobody-00", '{"vouched":true}'],
  ["get /api/settings", "/api/settings"], ["put /api/settings", "/api/settings", '{"signUp":true}'], ["get /api/audit", "/api/audit"],
];

const SOURCE = "export default (n) => ({ n, square: n * n })";
const LARGE_INPUT = "x".repeat(200_000);

let browser: Browser;
let hub: HubProcess;
let finished: string;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start();
  await openHeadlessTab(browser, hub, 1);
  finished = await submitRange(hub, "finished", SOURCE, 0, 30);
  await ended(hub, finished);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

async function results(query: string): Promise<{ type: string | null; bytes: Uint8Array; text: string }> {
  const response = await fetch(`${hub.url}/api/jobs/${finished}/results?${query}`);
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { type: response.headers.get("content-type"), bytes, text: new TextDecoder().decode(bytes) };
}

test("results of a finished job: the same in every format, whole and in part", async () => {
  const all = Array.from({ length: 30 }, (_, n) => ({ index: n, output: { n, square: n * n } }));
  for (const { query, expected } of [{ query: "", expected: all }, { query: "&from=7&to=11", expected: all.slice(7, 11) }]) {
    const ndjson = await results(`format=ndjson${query}`);
    expect(ndjson.type).toMatch(/^application\/x-ndjson/);
    expect(ndjson.text.trimEnd().split("\n").map((line): unknown => JSON.parse(line))).toEqual(expected);

    const json = await results(`format=json${query}`);
    expect(json.type).toMatch(/^application\/json/);
    expect(JSON.parse(json.text)).toEqual(expected);

    const csv = await results(`format=csv${query}`);
    expect(csv.type).toMatch(/^text\/csv/);
    expect(csv.text.trimEnd().split(/\r?\n/)).toEqual(["index,n,square", ...expected.map(({ index, output }) => `${index},${output.n},${output.square}`)]);

    const msgpack = await results(`format=msgpack${query}`);
    expect(msgpack.type).toMatch(/^application\/vnd\.msgpack/);
    expect([...decodeMulti(msgpack.bytes)]).toEqual(expected.map(({ index, output }) => [index, output]));
  }
});

test("events: a reader goes on across a hub that is killed and started again, and misses nothing (R3)", async () => {
  const jobId = await submitRange(hub, "followed", busySquare(20), 0, 400);
  const readable = new Set<number>();
  let interruptions = 0;
  let last = "";
  const followed = (async () => {
    for await (const event of jobEvents(hub.client, jobId, { onInterruption: () => { interruptions++; } })) {
      if (event.type === "results") for (const [from, to] of event.ranges) for (let index = from; index < to; index++) readable.add(index);
      if (event.type === "job") last = event.job.state;
    }
  })();
  await until("some can be read", () => Promise.resolve(readable.size), (size) => size > 20);
  const before = new Set(readable);
  await hub.stop("SIGKILL");
  await hub.start();
  const shown = await hub.client.resultsPage(jobId, {});
  expect([...before].filter((index) => !shown.some((line) => line.index === index))).toEqual([]);
  await followed;
  expect(interruptions).toBeGreaterThan(0);
  expect(last).toBe("completed");
  expect(readable.size).toBe(400);
});

/** A call of every operation, in an order in which each finds what it needs. */
async function samples(): Promise<Readonly<Record<string, Sample>>> {
  const { jobId: large } = await hub.client.submit({ name: "large", executable: { source: "export default (text) => text.length" }, inputs: [LARGE_INPUT] });
  const picture = await hub.client.submit({
    name: "picture", view: { kind: "image", width: 2, height: 2 }, inputs: [0], executable: { source: "export default () => ({ x: 0, y: 0, width: 2, height: 2, rgba: new Uint8Array(16).fill(255) })" },
  });
  const failing = await submitRange(hub, "failing", "export default () => { throw new Error('no') }", 0, 3);
  for (const jobId of [large, picture.jobId, failing]) await ended(hub, jobId);
  const waiting = await submitRange(hub, "waiting", "export default () => new Promise(() => {})", 0, 3, { taskTimeoutMs: 600_000 });
  const stored = `export default (n) => n + ${String(Math.PI)}`;
  const executableId = createHash("sha256").update(stored).digest("hex");
  const blobId = createHash("sha256").update(encodeValue(LARGE_INPUT)).digest("hex");
  const json = { "content-type": "application/json" };
  const { computeServers } = await hub.client.computeServers();
  return {
    "post /api/jobs": { path: "/api/jobs", status: 202, headers: json, body: JSON.stringify({ name: "called", executable: { source: SOURCE }, inputs: [1, 2] }) },
    "get /api/jobs": { path: "/api/jobs?state=completed,failed&q=fin&limit=5", status: 200 },
    "get /api/jobs/{jobId}": { path: `/api/jobs/${failing}`, status: 200 },
    "post /api/jobs/{jobId}/pause": { path: `/api/jobs/${waiting}/pause`, status: 200 },
    "post /api/jobs/{jobId}/resume": { path: `/api/jobs/${waiting}/resume`, status: 200 },
    "post /api/jobs/{jobId}/keep": { path: `/api/jobs/${failing}/keep`, status: 200 },
    "delete /api/jobs/{jobId}": { path: `/api/jobs/${large}`, status: 204 },
    "post /api/jobs/{jobId}/cancel": { path: `/api/jobs/${waiting}/cancel`, status: 200 },
    "post /api/jobs/{jobId}/retry": { path: `/api/jobs/${failing}/retry`, status: 200 },
    "get /api/jobs/{jobId}/tasks": { path: `/api/jobs/${finished}/tasks?buckets=5`, status: 200 },
    "get /api/jobs/{jobId}/results": { path: `/api/jobs/${finished}/results`, status: 200 },
    "get /api/jobs/{jobId}/results/{index}": { path: `/api/jobs/${finished}/results/7`, status: 200 },
    "get /api/jobs/{jobId}/picture.png": { path: `/api/jobs/${picture.jobId}/picture.png`, status: 200 },
    "get /api/jobs/{jobId}/events": { path: `/api/jobs/${finished}/events`, status: 200 },
    "get /api/gallery": { path: "/api/gallery?q=finished", status: 200 },
    "put /api/executables/{executableId}": { path: `/api/executables/${executableId}`, status: 201, headers: { "content-type": "text/javascript" }, body: stored },
    "get /api/executables/{executableId}": { path: `/api/executables/${executableId}`, status: 200 },
    // No Compute Server's id and token come with these.
    "get /compute/executables/{executableId}": { path: `/compute/executables/${executableId}`, status: 401 },
    "get /api/grid": { path: "/api/grid", status: 200 },
    "get /api/load-balancers": { path: "/api/load-balancers", status: 200 },
    "get /api/compute-servers": { path: "/api/compute-servers", status: 200 },
    "get /api/compute-servers/{computeServerId}": { path: `/api/compute-servers/${computeServers[0]?.computeServerId}`, status: 200 },
    "get /api/policies": { path: "/api/policies", status: 200 },
    "get /compute": { path: "/compute", status: 426 },
    "post /compute/blobs": { path: "/compute/blobs", status: 401, headers: { "content-type": "application/octet-stream" }, body: "x" },
    "get /compute/blobs/{blobId}": { path: `/compute/blobs/${blobId}`, status: 401 },
    "get /api/jobs/{jobId}/sharing": { path: `/api/jobs/${finished}/sharing`, status: 200 },
    "put /api/jobs/{jobId}/sharing": { path: `/api/jobs/${finished}/sharing`, status: 200, headers: json, body: '{"visibility":"public"}' },
    "get /api/session": { path: "/api/session", status: 200 },
    ...Object.fromEntries(ACCOUNT_CALLS.map(([call, path, body]) => [call, { path, status: 404, headers: json, body }])),
    "get /healthz": { path: "/healthz", status: 200 },
    "get /readyz": { path: "/readyz", status: 200 },
    "get /metrics": { path: "/metrics", status: 200 },
    "get /api/openapi.json": { path: "/api/openapi.json", status: 200 },
  };
}

async function readDocument() {
  return documentSchema.parse(await (await fetch(`${hub.url}/api/openapi.json`)).json());
}

/** The schema of an answer with all that it refers to, as zod reads it. */
function schemaReader(components: Readonly<Record<string, unknown>>) {
  const localized = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "#/$defs/"));
  const definitions = z.record(z.string(), z.looseObject({})).parse(localized(components));
  return (schema: object) => fromJSONSchema({ ...z.looseObject({}).parse(localized(schema)), $defs: definitions });
}

test("every operation of /api/openapi.json answers as it is documented there", async () => {
  const { paths, components } = await readDocument();
  const calls = await samples();
  const documented = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })));
  expect(documented.map(({ name }) => name).toSorted()).toEqual(Object.keys(calls).toSorted());
  const readSchema = schemaReader(components.schemas);
  const operations = new Map(documented.map(({ name, operation }) => [name, operation]));

  for (const [name, { path, status, headers, body }] of Object.entries(calls)) {
    const response = await fetch(`${hub.url}${path}`, { method: name.split(" ")[0]?.toUpperCase() ?? "GET", headers: { ...headers }, body: body ?? null });
    expect(response.status, name).toBe(status);
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const answer = operations.get(name)?.responses[String(status)] ?? operations.get(name)?.responses["default"];
    if (status === 204) expect([type, Object.keys(answer?.content ?? {})], name).toEqual(["", []]);
    else expect(Object.keys(answer?.content ?? {}).map((documentedType) => documentedType.split(";")[0]), name).toContain(type);
    const schema = answer?.content?.[type]?.schema;
    if (type.endsWith("json") && schema !== undefined) {
      for (const value of bodies(type, await response.text())) expect(readSchema(schema).safeParse(value).error, name).toBeUndefined();
    } else {
      await response.body?.cancel();
    }
  }
});

/** One body, or where it is lines of JSON each of them. */
function bodies(type: string, text: string): unknown[] {
  return (type === "application/x-ndjson" ? text.trimEnd().split("\n") : [text]).map((body): unknown => JSON.parse(body));
}

test.each([
  { call: "an unknown job", path: "/api/jobs/there-is-no-such-job", status: 404 },
  { call: "an id that is none", path: "/api/jobs/no", status: 404 },
  { call: "a result past the end", path: "/api/jobs/FINISHED/results/30", status: 404 },
  { call: "a range the wrong way round", path: "/api/jobs/FINISHED/results?from=9&to=3", status: 400 },
  { call: "an unknown state", path: "/api/jobs?state=asleep", status: 400 },
  { call: "retry of a job that did not fail", path: "/api/jobs/FINISHED/retry", method: "POST", status: 409 },
  { call: "cancel of a job that has ended", path: "/api/jobs/FINISHED/cancel", method: "POST", status: 409 },
  { call: "a body that is no JSON", path: "/api/jobs", method: "POST", body: "{", status: 400 },
  { call: "a field that nobody knows", path: "/api/jobs", method: "POST", body: '{"name":"x","executable":{"source":"export default 1"},"inputs":[1],"colour":"red"}', status: 400 },
  { call: "code that cannot be read", path: "/api/jobs", method: "POST", body: '{"name":"x","executable":{"source":"export default ("},"inputs":[1]}', status: 422 },
  { call: "an unknown path", path: "/api/nothing", status: 404 },
])("a problem of RFC 9457 answers $call", async ({ path, method = "GET", body, status }) => {
  const response = await fetch(`${hub.url}${path.replace("FINISHED", finished)}`, { method, headers: { "content-type": "application/json" }, ...(body === undefined ? {} : { body }) });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(status);
  expect(problem.detail).toMatch(/^Cannot /);
});
