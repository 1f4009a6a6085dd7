import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestBrowser } from "./test-browser.ts";
import type { TestHub } from "./test-hub.ts";
import type { Value } from "../protocol/value.ts";

let browser: TestBrowser;
let hub: TestHub;
let canary: Server;
let canaryUrl: string;
const hits: string[] = [];

beforeAll(async () => {
  canary = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end("export default 1");
  });
  await new Promise<void>((resolve) => { canary.listen(0, "127.0.0.1", resolve); });
  const address: AddressInfo | string | null = canary.address();
  canaryUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  browser = await TestBrowser.start();
  hub = await browser.hub();
  await browser.computeServer(hub, 1);
});
afterAll(async () => {
  await browser.close();
  await hub.close();
  canary.close();
});

/** Runs the body of an async function in a task; `canary` is the address that must never be reached. */
async function inTask(body: string): Promise<Value | undefined> {
  const job = hub.submit({ source: `export default async (canary) => { ${body} }`, inputs: { values: [canaryUrl] }, taskTimeoutMs: 30_000 });
  await hub.until("the task's end", () => job.ended === 1);
  expect(job.failures).toEqual([]);
  return job.outputs.get(0);
}

test("emptyGlobalScope: nothing that reaches the outside is left in a task (R8)", async () => {
  const names = [
    "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "Worker", "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "navigator", "location",
    "Blob", "File", "FileReader", "URL", "OffscreenCanvas", "postMessage", "onmessage", "close", "crypto", "MessageChannel", "MessagePort", "Notification", "WebSocketStream", "FontFace", "fonts",
    "createImageBitmap", "RTCDataChannel", "trustedTypes", "scheduler", "SharedArrayBuffer", "Atomics", "origin", "name", "Request", "Response", "Headers", "CookieStore", "StorageManager", "LockManager",
  ];
  const left = await inTask(`
    const made = Function("return this")();
    return ${JSON.stringify(names)}.filter((name) => globalThis[name] !== undefined || made[name] !== undefined || name in self)`);
  expect(left).toEqual([]);
});

test("emptyGlobalScope: what is left in a task is what is allowed, also along the prototype chain", async () => {
  const names = await inTask(`
    const names = new Set();
    for (let holder = globalThis; holder && holder !== Object.prototype && holder !== EventTarget.prototype; holder = Object.getPrototypeOf(holder))
      for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
    return [...names].filter((name) => /^(on|webkit)|Event$|port|nav|fetch|Storage|Socket|Request/i.test(name)).sort()`);
  expect(names).toEqual(["Event"]);
});

test("the sandbox's policy: no import, static or dynamic, and no code made from text reaches a server (R8)", async () => {
  const told = await inTask(`
    const tries = [
      () => import(canary + "/dynamic"),
      () => Function("canary", "return import(canary + '/function')")(canary),
      () => eval("import(canary + '/eval')"),
      () => import("data:text/javascript,export default 1"),
    ];
    const told = [];
    for (const attempt of tries) told.push(await Promise.resolve().then(attempt).then(() => "loaded", () => "refused"));
    return told`);
  expect(told).toEqual(["refused", "refused", "refused", "refused"]);
  const job = hub.submit({ source: `import "${canaryUrl}/static"; export default (n) => n`, inputs: { range: [0, 1] } });
  await hub.until("the job's end", () => job.ended === 1);
  expect(job.failures.map(({ kind }) => kind)).toEqual(["unreadable-executable"]);
  // The canary does hear whoever is allowed to call it.
  await fetch(`${canaryUrl}/test`);
  expect(hits).toEqual(["/test"]);
});

test("TaskScope: what is not in this version says so", async () => {
  expect(await inTask("return (await import('./x.js').catch((error) => error.name))")).toBe("TypeError");
  const job = hub.submit({ source: "export default (n, task) => task.file('data.csv')", inputs: { range: [0, 1] } });
  await hub.until("the job's end", () => job.ended === 1);
  expect(job.failures[0]?.message).toContain('Cannot open the file "data.csv"');
});

test("TaskRunner: hostile outputs harm their own task alone (R9)", async () => {
  const source = `export default (n) => [
    { get x() { throw new Error("getter") } },
    { then(resolve) { resolve(7) } },
    Object.assign([1], { __proto__: { length: 1e9 } }),
    { toString() { throw 1 }, y: 2 },
    new Proxy({}, { ownKeys() { throw new Error("proxy") } }),
    (() => { const loop = []; loop.push(loop); return loop })(),
  ][n]`;
  const job = hub.submit({ source, inputs: { range: [0, 6] } });
  await hub.until("the job's end", () => job.ended === 6);
  expect(job.failures.map(({ index, kind }) => [index, kind])).toEqual([[0, "error"], [3, "unsupported-value"], [4, "error"], [5, "unsupported-value"]]);
  expect(job.outputs.get(1)).toBe(7);
  expect(job.outputs.get(2)).toEqual([1]);
});

test("TaskRunner: throwing what is no Error fails the task with words", async () => {
  const source = "export default (n) => { throw [null, 'text', { toString() { throw 1 } }, new Proxy(new Error('x'), { get() { throw 2 } })][n] }";
  const job = hub.submit({ source, inputs: { range: [0, 4] } });
  await hub.until("the job's end", () => job.ended === 4);
  expect(job.failures.map(({ message }) => message)).toEqual(["Thrown: null", "Thrown: text", expect.stringContaining("cannot be read"), expect.stringContaining("cannot be read")]);
});

test("SlotSupervisor: a flood of log lines is bounded and the task's answer comes all the same (R9)", async () => {
  const job = hub.submit({ source: "export default (n, { log }) => { for (let i = 0; i < 200_000; i++) log('x'.repeat(5_000)); return n }", inputs: { range: [0, 1] } });
  await hub.until("the job's end", () => job.ended === 1);
  expect(job.outputs.get(0)).toBe(0);
  for (const message of hub.received) if (message.type === "progress") expect(message.logs.length).toBeLessThanOrEqual(100);
});
