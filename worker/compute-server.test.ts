import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { TestBrowser, stateOf } from "./test-browser.ts";
import type { TestHub, TestJob } from "./test-hub.ts";

let browser: TestBrowser;
let hub: TestHub;

beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(() => browser.close());
beforeEach(async () => {
  hub = await browser.hub();
});
afterEach(async () => {
  for (const context of browser.browser.contexts()) await context.close();
  await hub.close();
});

function outputsOf(job: TestJob): unknown[] {
  return [...job.outputs].toSorted(([a], [b]) => a - b).map(([, output]) => output);
}

test("createComputeServer: every task of a job comes back once, in its own value (R2)", async () => {
  await browser.computeServer(hub, 2);
  const job = hub.submit({ source: "export default (n) => n * 2", inputs: { range: [10, 5010] }, batchTasks: 700 });
  await hub.until("the job's end", () => job.ended === 5000);
  expect(outputsOf(job)).toEqual(Array.from({ length: 5000 }, (_, i) => (10 + i) * 2));
  expect(job.repeated).toBe(0);
  expect(job.failures).toEqual([]);
});

test("createComputeServer: within one message outcomes come in the order of their indexes", async () => {
  await browser.computeServer(hub, 2);
  const job = hub.submit({ source: "export default (n) => n", inputs: { range: [0, 3000] }, batchTasks: 100 });
  await hub.until("the job's end", () => job.ended === 3000);
  for (const message of hub.received) {
    if (message.type !== "outcomes") continue;
    for (const { done } of message.reports) expect(done.flat()).toEqual(done.flat().toSorted((a, b) => a - b));
  }
});

test("createComputeServer: values of every kind go in and come back as they were, async tasks too", async () => {
  await browser.computeServer(hub, 1);
  const values = [null, true, -0, 2n ** 63n, "żółw", new Uint8Array([1, 2]), new Float32Array([1.5]), new Date(5), [1, [2]], { a: { b: "c" } }];
  const job = hub.submit({ source: "export default async (value) => { await 0; return value }", inputs: { values } });
  await hub.until("the job's end", () => job.ended === values.length);
  expect(outputsOf(job)).toEqual(values);
});

test("createComputeServer: large inputs are fetched and large outputs stored beside the link", async () => {
  await browser.computeServer(hub, 2);
  const values = [1, 2, 3].map((byte) => new Uint8Array(1_000_000).fill(byte));
  const job = hub.submit({ source: "export default (bytes) => bytes.map((byte) => byte + 1)", inputs: { values }, batchTasks: 2 });
  await hub.until("the job's end", () => job.ended === 3);
  expect(job.failures).toEqual([]);
  expect(outputsOf(job)).toEqual([2, 3, 4].map((byte) => new Uint8Array(1_000_000).fill(byte)));
  expect(hub.blobs.size).toBe(4); // 2 and 3 are inputs as well as outputs
});

test("createComputeServer: a task that throws fails with its message and a stack in the Executable; the others go on", async () => {
  await browser.computeServer(hub, 1);
  const source = "const burst = (n) => { throw new RangeError(`no ${n}`) }\nexport default (n) => n === 3 ? burst(n) : n";
  const job = hub.submit({ source, inputs: { range: [0, 10] } });
  await hub.until("the job's end", () => job.ended === 10);
  expect(job.failures).toEqual([{ index: 3, kind: "error", message: "RangeError: no 3", stack: expect.stringContaining("executable.js:1:30") }]);
  expect(job.failures[0]?.stack).not.toContain("blob:");
  expect(outputsOf(job)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
});

test("createComputeServer: a value that cannot be carried fails its task and names the path", async () => {
  await browser.computeServer(hub, 1);
  const job = hub.submit({ source: "export default (n) => n === 1 ? { tiles: [0, { draw: () => 1 }] } : n", inputs: { range: [0, 3] } });
  await hub.until("the job's end", () => job.ended === 3);
  expect(job.failures).toEqual([{ index: 1, kind: "unsupported-value", message: expect.stringContaining("$.tiles[1].draw"), stack: "" }]);
});

test.each([
  ["a syntax error", "export default (n) => {"],
  ["no default function", "export const task = (n) => n"],
  ["a throw at its top level", "throw new Error('not today')"],
  ["an import that is not there", "import 'left-pad'; export default (n) => n"],
])("createComputeServer: a module with %s fails every task as unreadable", async (_what, source) => {
  await browser.computeServer(hub, 1);
  const job = hub.submit({ source, inputs: { range: [0, 3] } });
  await hub.until("the job's end", () => job.ended === 3);
  expect(job.failures.map(({ index, kind }) => [index, kind])).toEqual([0, 1, 2].map((index) => [index, "unreadable-executable"]));
  expect(job.failures[0]?.message).not.toBe("");
  const next = hub.submit({ source: "export default (n) => n", inputs: { range: [0, 3] } });
  await hub.until("the next job's end", () => next.ended === 3);
  expect(next.outputs.size).toBe(3);
});

test("createComputeServer: an endless loop is stopped at its deadline and blamed, a second slot is not disturbed (R8)", async () => {
  const page = await browser.computeServer(hub, 2);
  const source = "export default (n) => { while (n === 5); return n }";
  const job = hub.submit({ source, inputs: { range: [0, 20] }, batchTasks: 10, taskTimeoutMs: 3_000 });
  const other = hub.submit({ source: "export default (n) => { const end = performance.now() + 20; while (performance.now() < end); return n }", inputs: { range: [0, 100] }, batchTasks: 10 });
  await hub.until("both jobs' end", () => job.ended === 20 && other.ended === 100);
  expect(job.failures).toEqual([{ index: 5, kind: "timeout", message: "The task ran for 3 s without an answer and was stopped", stack: "" }]);
  expect(outputsOf(job)).toEqual(Array.from({ length: 20 }, (_, i) => i).filter((i) => i !== 5));
  expect(job.repeated).toBe(0);
  expect(other.failures).toEqual([]);
  // The page hears of it a moment after the hub.
  await expect.poll(async () => (await stateOf(page)).tasksFailed).toBe(1);
});

test("createComputeServer: among thousands of short tasks the very one that hangs is blamed", async () => {
  await browser.computeServer(hub, 1);
  const job = hub.submit({ source: "export default (n) => { while (n === 7777); return n }", inputs: { range: [0, 10_000] }, batchTasks: 10_000, taskTimeoutMs: 3_000 });
  await hub.until("the job's end", () => job.ended === 10_000);
  expect(job.failures.map(({ index, kind }) => [index, kind])).toEqual([[7777, "timeout"]]);
  expect(job.outputs.size).toBe(9_999);
  expect(job.repeated).toBe(0);
});

test("createComputeServer: a promise that never settles is stopped at its deadline; what was done before is kept", async () => {
  await browser.computeServer(hub, 1);
  const job = hub.submit({ source: "export default (n) => n === 2 ? new Promise(() => {}) : n", inputs: { range: [0, 4] }, taskTimeoutMs: 3_000 });
  await hub.until("the job's end", () => job.ended === 4);
  expect(job.failures.map(({ index, kind }) => [index, kind])).toEqual([[2, "timeout"]]);
  expect(outputsOf(job)).toEqual([0, 1, 3]);
});

test("createComputeServer: progress and log lines reach the hub and the page", async () => {
  const page = await browser.computeServer(hub, 1);
  const source = `export default async (n, { log, progress, index }) => {
    log("begin", { n, index });
    console.log("by console");
    for (let i = 0; i < 60; i++) { progress(0.5); await new Promise((resolve) => setTimeout(resolve, 100)) }
    return n
  }`;
  const job = hub.submit({ source, inputs: { range: [40, 41] } });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running[0]?.fraction === 0.5);
  await hub.until("the job's end", () => job.ended === 1);
  const told = hub.received.filter((message) => message.type === "progress");
  expect(told.flatMap(({ logs }) => logs.map(({ index, line }) => [index, line]))).toEqual([[0, 'begin {"n":40,"index":0}'], [0, "by console"]]);
  expect(told.flatMap(({ running }) => running)).toContainEqual({ jobId: job.jobId, index: 0, fraction: 0.5 });
});

test("createComputeServer: Math.random and task.random depend on the job and the task alone (decision 8)", async () => {
  await browser.computeServer(hub, 2);
  const source = "export default (n, task) => [Math.random(), task.random(), Math.random()]";
  const job = hub.submit({ source, inputs: { range: [0, 50] }, batchTasks: 7 });
  await hub.until("the job's end", () => job.ended === 50);
  const again = hub.submit({ source, inputs: { range: [0, 50] }, batchTasks: 50 });
  await hub.until("the other job's end", () => again.ended === 50);
  hub.repeat(job);
  await hub.until("the first job's second end", () => job.repeated === 50);
  expect(new Set(outputsOf(job).flat()).size).toBe(150);
  expect(job.differing).toBe(0);
  expect(outputsOf(again)).not.toEqual(outputsOf(job));
});

test("createComputeServer: two jobs in turn each keep their own module", async () => {
  const page = await browser.computeServer(hub, 1);
  hub.window = 1;
  const jobs = [1, 2].map((factor) => hub.submit({ source: `let calls = 0; export default (n) => [n * ${factor}, ++calls]`, inputs: { range: [0, 4] }, batchTasks: 2, interleave: true }));
  await hub.until("the jobs' end", () => jobs.every((job) => job.ended === 4));
  expect(jobs.map(outputsOf)).toEqual([1, 2].map((factor) => [0, 1, 2, 3].map((n) => [n * factor, n + 1])));
  // One for each job, and one that waits for the next.
  await page.waitForFunction(() => globalThis.testApi.frames() === 3);
});

test("createComputeServer: at a CPU share of a quarter a slot works about a quarter of the time", async () => {
  await browser.computeServer(hub, 1, 0.25);
  const job = hub.submit({ source: "export default (n) => { const end = performance.now() + 10; while (performance.now() < end); return n }", inputs: { range: [0, 100] }, batchTasks: 100 });
  const startedAt = performance.now();
  await hub.until("the job's end", () => job.ended === 100);
  expect(job.busyMs / (performance.now() - startedAt)).toBeLessThan(0.35);
});
