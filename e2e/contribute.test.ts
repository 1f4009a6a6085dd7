import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, HubProcess } from "./hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

/** How long the browser's processors are watched, and how much of it they may be busy when nothing computes. */
const WATCH_MS = 400;
const QUIET_SHARE = 0.3;

let browser: Browser;
let hub: HubProcess;
let debuggingPort: number;

beforeAll(async () => {
  debuggingPort = await freePort();
  browser = await launchBrowser(`--remote-debugging-port=${debuggingPort}`);
  hub = await HubProcess.start();
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

async function startComputing(page: Page): Promise<void> {
  await page.goto(`${hub.url}/contribute`);
  await page.getByRole("button", { name: "Start" }).click();
  await until("the hub has it", () => hub.client.computeServers(), ({ total }) => total === 1);
}

async function stopComputing(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Not computing").waitFor();
  await until("the hub has it no more", () => hub.client.computeServers(), ({ total }) => total === 0);
}

test("a hidden page: it pauses, its slots are the hub's no more, and come back with it", async () => {
  // Playwright makes every page of its own seem to be looked at. A connection that leaves the pages alone lets one hide.
  const watching = await chromium.connectOverCDP(`http://127.0.0.1:${debuggingPort}`, { noDefaults: true });
  const context = watching.contexts()[0];
  if (context === undefined) throw new Error("Cannot open a page that can hide: the browser has no window");
  const page = await context.newPage();
  await startComputing(page);
  const slots = (await hub.client.computeServers()).computeServers[0]?.slots ?? 0;
  expect(slots).toBeGreaterThan(0);
  const jobId = await submitRange(hub, "hidden", busySquare(30), 0, 100);
  await until("it computes", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 0);

  const inFront = await context.newPage();
  await inFront.bringToFront();
  await until("the page is hidden", () => page.evaluate(() => document.hidden), (hidden) => hidden);
  await until("its slots are gone", () => hub.client.computeServers(), ({ computeServers }) => computeServers[0]?.slots === 0 && computeServers[0].runningTasks === 0);
  expect((await hub.client.job(jobId)).state).toBe("running");
  await page.getByLabel("Start and stop").getByText("Paused while this page is hidden.").waitFor();

  await inFront.close();
  await page.bringToFront();
  await until("its slots are back", () => hub.client.computeServers(), ({ computeServers }) => computeServers[0]?.slots === slots);
  expect((await ended(hub, jobId)).state).toBe("completed");
  expect(await allResults(hub, jobId)).toEqual(Array.from({ length: 100 }, (_, index) => ({ index, output: index * index })));

  // The volunteer's other choice: it goes on.
  await page.getByRole("radio", { name: /Keep computing/ }).check();
  const next = await submitRange(hub, "in the background", busySquare(20), 0, 50);
  const other = await context.newPage();
  await until("the page is hidden again", () => page.evaluate(() => document.hidden), (hidden) => hidden);
  expect((await ended(hub, next)).state).toBe("completed");
  await other.close();
  await page.bringToFront();
  await stopComputing(page);
  await page.close();
  await watching.close();
});

test("stop during an endless loop: every frame and worker of the page is gone, and the processor is quiet (R8)", async () => {
  const page = await (await browser.newContext()).newPage();
  await startComputing(page);
  const jobId = await submitRange(hub, "endless", "export default () => { while (true) {} }", 0, 4, { taskTimeoutMs: 600_000 });
  await until("the loop runs", () => hub.client.job(jobId), ({ tasks }) => tasks.running > 0);
  await until("it takes a processor", busyShare, (share) => share > QUIET_SHARE);
  await stopComputing(page);
  expect(page.frames()).toHaveLength(1);
  await until("its workers are gone", () => Promise.resolve(page.workers().length), (workers) => workers === 0);
  await until("the processor is quiet", busyShare, (share) => share < QUIET_SHARE);
  expect(await hub.client.job(jobId)).toMatchObject({ state: "running", tasks: { pending: 4, running: 0 }, waitingFor: expect.stringMatching(/Compute Server/) });
  await hub.client.control(jobId, "cancel");
  await page.close();
});

/** Share of one processor that the browser's processes for pages took over a short while. */
async function busyShare(): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const cpuSeconds = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await cpuSeconds();
  const startMs = performance.now();
  await new Promise((resolve) => { setTimeout(resolve, WATCH_MS); });
  const after = await cpuSeconds();
  const watchedMs = performance.now() - startMs;
  await session.detach();
  const spent = [...after].reduce((sum, [id, seconds]) => sum + seconds - (before.get(id) ?? 0), 0);
  return (1000 * spent) / watchedMs;
}

test("a stuck task on one slot: the other slot's tasks go on undisturbed (R8)", async () => {
  const { context } = await openHeadlessTab(browser, hub, 2);
  const stuck = await submitRange(hub, "stuck", "export default () => { while (true) {} }", 0, 1, { taskTimeoutMs: 600_000 });
  await until("it is stuck", () => hub.client.job(stuck), ({ tasks }) => tasks.running === 1);
  const jobId = await submitRange(hub, "beside it", busySquare(10), 0, 200, { maxAttempts: 1 });
  expect(await ended(hub, jobId)).toMatchObject({ state: "completed", tasks: { done: 200, failed: 0 } });
  expect(await allResults(hub, jobId)).toEqual(Array.from({ length: 200 }, (_, index) => ({ index, output: index * index })));
  expect(await hub.client.job(stuck)).toMatchObject({ state: "running", tasks: { running: 1, done: 0 } });
  await hub.client.control(stuck, "cancel");
  // The slot that was stuck is free again for whoever comes.
  const next = await submitRange(hub, "afterwards", busySquare(10), 0, 50);
  expect((await ended(hub, next)).state).toBe("completed");
  await context.close();
  await until("the tab is gone", () => hub.client.computeServers(), ({ computeServers }) => computeServers.every(({ connected }) => !connected));
});

/** Answers anybody, and counts who connects: whatever the protocol, a connection is a hit. */
async function openCanary(): Promise<{ server: Server; address: string; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end("export default 1");
  });
  server.on("connection", () => hits.push("a connection"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot open the canary: it has no port");
  return { server, address: `127.0.0.1:${address.port}`, hits };
}

const REACH_OUT = `
export default async function reachOut(canary) {
  const tries = {
    fetch: () => fetch("http://" + canary + "/fetch", { mode: "no-cors" }),
    WebSocket: () => new Promise((resolve, reject) => { const socket = new WebSocket("ws://" + canary + "/socket"); socket.onopen = resolve; socket.onerror = reject; }),
    EventSource: () => new Promise((resolve, reject) => { const source = new EventSource("http://" + canary + "/events"); source.onopen = resolve; source.onerror = reject; }),
    XMLHttpRequest: () => { const request = new XMLHttpRequest(); request.open("GET", "http://" + canary + "/xhr", false); request.send(); },
    import: () => import("http://" + canary + "/import.js"),
    importByText: () => Function("url", "return import(url)")("http://" + canary + "/text.js"),
    importScripts: () => importScripts("http://" + canary + "/scripts.js"),
    worker: () => new Promise((resolve, reject) => { const worker = new Worker("http://" + canary + "/worker.js"); worker.onmessage = resolve; worker.onerror = reject; }),
    beacon: () => { if (!navigator.sendBeacon("http://" + canary + "/beacon")) throw new Error("refused"); },
  };
  const told = {};
  for (const [name, attempt] of Object.entries(tries)) {
    told[name] = await Promise.resolve().then(attempt).then(() => "reached", () => "refused");
  }
  return told;
}`;

test("a job's code: nothing of the network can be reached from the real hub's sandbox (R8)", async () => {
  const canary = await openCanary();
  const { page, context } = await openHeadlessTab(browser, hub, 1);
  const ask = (address: string) => hub.client.submit({ name: "reach out", executable: { source: REACH_OUT }, inputs: [address, hub.url.replace("http://", "")] });
  const { jobId } = await ask(canary.address);
  expect((await ended(hub, jobId)).state).toBe("completed");
  const refused = Object.fromEntries(["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "import", "importByText", "importScripts", "worker", "beacon"].map((name) => [name, "refused"]));
  expect(await allResults(hub, jobId)).toEqual([{ index: 0, output: refused }, { index: 1, output: refused }]);
  expect(canary.hits).toEqual([]);
  // The canary does hear whoever is allowed to call it.
  const frame = page.frames().find((one) => one !== page.mainFrame());
  expect(frame?.url()).toMatch(/^http:\/\/s[a-z0-9]+\.localhost:\d+\/sandbox\/frame\.html$/);
  await fetch(`http://${canary.address}/test`);
  expect(canary.hits).toContain("/test");
  canary.server.closeAllConnections();
  canary.server.close();
  await context.close();
});

test("a job's code: a module that imports from the network is refused at its submission (R8)", async () => {
  const canary = await openCanary();
  const submission = hub.client.submit({ name: "imports", executable: { source: `import "http://${canary.address}/static.js"; export default (n) => n` }, inputs: [1] });
  await expect(submission).rejects.toMatchObject({ status: 422 });
  expect(canary.hits).toEqual([]);
  canary.server.close();
});
