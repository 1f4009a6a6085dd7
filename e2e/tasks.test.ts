import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubError } from "../sdk/hub-error.ts";
import { HubProcess } from "./hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

let browser: Browser;
let hub: HubProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start();
  await openHeadlessTab(browser, hub, 1);
  await openHeadlessTab(browser, hub, 1);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

/** The hub's memory, as it tells it itself. */
async function residentBytes(): Promise<number> {
  const metrics = await fetch(`${hub.url}/metrics`).then((response) => response.text());
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1]);
}

test("two jobs at once: both run, neither waits for the other's end (R7)", async () => {
  const [first, second] = await Promise.all([
    submitRange(hub, "first", busySquare(20), 0, 400),
    submitRange(hub, "second", busySquare(20), 0, 400),
  ]);
  await until("both have results while both run", () => Promise.all([hub.client.job(first), hub.client.job(second)]),
    (jobs) => jobs.every(({ tasks }) => tasks.done > 0 && tasks.done < 400));
  expect((await ended(hub, first)).state).toBe("completed");
  expect((await ended(hub, second)).state).toBe("completed");
  expect(await allResults(hub, first)).toHaveLength(400);
});

test("an endless loop in a task: it is stopped and recorded, its neighbours are done, the tab goes on (R8)", async () => {
  const source = "export default function f(n) { if (n === 5) while (true) {} return n + 1; }";
  const jobId = await submitRange(hub, "endless", source, 0, 20, { taskTimeoutMs: 2_000, maxAttempts: 2 });
  const job = await ended(hub, jobId);
  expect(job).toMatchObject({ state: "failed", tasks: { done: 19, failed: 1 } });
  expect(job.failures).toMatchObject([{ count: 1, firstIndex: 5, message: expect.stringContaining("without an answer and was stopped") }]);
  const next = await submitRange(hub, "after", "export default (n) => n", 0, 5);
  expect((await ended(hub, next)).state).toBe("completed");
});

test("a task that throws: its message and stack are recorded, grouped, and a retry runs it again", async () => {
  const source = "export default function f(n) { if (n % 2) throw new TypeError('odd ones out'); return n; }";
  const jobId = await submitRange(hub, "throws", source, 0, 10);
  const job = await ended(hub, jobId);
  expect(job).toMatchObject({ state: "failed", tasks: { done: 5, failed: 5 } });
  expect(job.failures).toHaveLength(1);
  expect(job.failures[0]).toMatchObject({ count: 5, firstIndex: 1, message: expect.stringContaining("odd ones out"), stack: expect.stringContaining("f") });
  await hub.client.control(jobId, "retry");
  const again = await ended(hub, jobId);
  expect(again).toMatchObject({ state: "failed", tasks: { done: 5, failed: 5 } });
  expect(await allResults(hub, jobId)).toHaveLength(10);
});

test("a job's limits: an input too large is refused, an output too large fails its task, both in words", async () => {
  const submit = (inputs: readonly string[]) => hub.client.submit({
    name: "limits", executable: { source: "export default (text) => text.repeat(2)" }, inputs: [...inputs], options: { maxAttempts: 1, limits: { inputBytes: 50, outputBytes: 60 } },
  });
  await expect(submit(["x".repeat(60)])).rejects.toMatchObject({ message: expect.stringContaining("an input is 62 bytes, the limit of one is 50") });
  const { jobId } = await submit(["short", "x".repeat(40)]);
  expect(await ended(hub, jobId)).toMatchObject({ state: "failed", tasks: { done: 1, failed: 1 }, failures: [{ firstIndex: 1, message: expect.stringContaining("it is 82 bytes, the limit of this job is 60") }] });
});

test("an Executable with a syntax error: refused with line and column, nothing is stored", async () => {
  const before = (await hub.client.jobs()).jobs.length;
  const submission = hub.client.submit({ name: "broken", executable: { source: "export default function (n) {\n  return n +;\n}" }, inputs: [1] });
  const error = await submission.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HubError);
  expect(error).toMatchObject({ status: 422, problem: { errors: [{ line: 2 }] } });
  expect((await hub.client.jobs()).jobs).toHaveLength(before);
});

test("results of 1 MB each: arrive whole", async () => {
  const source = "export default function f(n) { const bytes = new Uint8Array(1_000_000); for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + n) & 255; return { n, bytes }; }";
  const jobId = await submitRange(hub, "megabytes", source, 0, 12);
  expect((await ended(hub, jobId)).state).toBe("completed");
  const response = await fetch(`${hub.url}/api/jobs/${jobId}/results/11`);
  const line: { output: { n: number; bytes: { $bytes: string } } } = await response.json();
  const bytes = Buffer.from(line.output.bytes.$bytes, "base64");
  expect(bytes.byteLength).toBe(1_000_000);
  expect(bytes[12_345]).toBe((12_345 * 7 + 11) & 255);
});

test("inputs of many sizes, small and past the message's limit: each task gets its own", async () => {
  const inputs = Array.from({ length: 40 }, (_, i) => ({ i, text: "x".repeat(i % 5 === 0 ? 200_000 : i * 100) }));
  const { jobId } = await hub.client.submit({
    name: "sizes", executable: { source: "export default ({ i, text }, task) => [i, text.length, task.index]" }, inputs,
  });
  expect((await ended(hub, jobId)).state).toBe("completed");
  expect(await allResults(hub, jobId)).toEqual(inputs.map(({ i, text }) => ({ index: i, output: [i, text.length, i] })));
});

test("a job of 10 million tasks: accepted, readable, cancelled, and the hub stays small", async () => {
  const before = await residentBytes();
  const jobId = await submitRange(hub, "huge", "export default (n) => n", 0, 10_000_000);
  const job = await until("it runs", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 0);
  expect(job.tasks.total).toBe(10_000_000);
  const map = await hub.client.taskMap(jobId, 200);
  expect(map.buckets).toHaveLength(200);
  // A number a task would be 80 MB and more.
  expect(await residentBytes() - before).toBeLessThan(60 * 2 ** 20);
  await hub.client.control(jobId, "cancel");
  const cancelled = await hub.client.job(jobId);
  expect(cancelled.state).toBe("cancelled");
  const next = await submitRange(hub, "after the huge one", "export default (n) => n", 0, 5);
  expect((await ended(hub, next)).state).toBe("completed");
});

test("a job waits with words when nobody computes", async () => {
  const lonely = await HubProcess.start();
  try {
    const jobId = await submitRange(lonely, "lonely", "export default (n) => n", 0, 5);
    expect((await lonely.client.job(jobId)).waitingFor).toMatch(/Compute Server/);
  } finally {
    await lonely.remove();
  }
});

test("--no-load-balancer: the submitter gets a diagnostic and the job waits as queued", async () => {
  const bare = await HubProcess.start("--no-load-balancer");
  try {
    const { jobId, diagnostic } = await bare.client.submit({ name: "waits", executable: { source: "export default (n) => n" }, inputs: [1] });
    expect(diagnostic).toMatch(/Load Balancer/);
    expect(await bare.client.job(jobId)).toMatchObject({ state: "queued", waitingFor: expect.stringMatching(/Load Balancer/) });
  } finally {
    await bare.remove();
  }
});
