import { afterAll, beforeAll, expect, test } from "vitest";
import { TestBrowser } from "./test-browser.ts";

const TASKS = 1_000_000;

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(() => browser.close());

test.each([1, 2])("createComputeServer: a million tasks that do nothing, over %i slots, all come back once (R2)", async (slots) => {
  const hub = await browser.hub();
  hub.window = 2 * slots;
  hub.keepsOutputs = false;
  const openedAt = performance.now();
  const page = await browser.computeServer(hub, slots);
  const first = hub.submit({ source: "export default () => 1", inputs: { range: [0, 1] } });
  await hub.until("the first task", () => first.ended === 1);
  const firstMs = performance.now() - openedAt;
  const startedAt = performance.now();
  const job = hub.submit({ source: "export default (n) => n", inputs: { range: [0, TASKS] }, batchTasks: 16_384 });
  await hub.until("the job's end", () => job.ended === TASKS);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${slots} slots: page open to first outcome ${Math.round(firstMs)} ms, ${Math.round(TASKS / seconds)} no-op tasks/s, busy ${Math.round(job.busyMs)} ms of ${Math.round(seconds * 1000)}`);
  expect(job.counted).toBe(TASKS);
  expect(job.failures).toEqual([]);
  await page.context().close();
  await hub.close();
});

test("SlotRunner: after a task that hangs the slot is fresh again and goes on with the rest (R8)", async () => {
  const hub = await browser.hub();
  const page = await browser.computeServer(hub, 1);
  const job = hub.submit({ source: "export default (n) => { while (n === 0); return n }", inputs: { range: [0, 2] }, taskTimeoutMs: 2_000 });
  await hub.until("the failure", () => job.failures.length === 1);
  const killedAt = performance.now();
  await hub.until("the job's end", () => job.ended === 2);
  console.log(`from the report of the kill to the next outcome in a fresh slot: ${Math.round(performance.now() - killedAt)} ms`);
  expect(job.outputs.get(1)).toBe(1);
  await page.context().close();
  await hub.close();
});
