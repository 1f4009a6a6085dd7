import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { TestBrowser } from "./test-browser.ts";
import type { TestHub } from "./test-hub.ts";

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

test("createComputeServer: every task of a job comes back once, in its own value (R2)", async () => {
  const page = await browser.computeServer(hub, 2);
  const job = hub.submit({ source: "export default (n) => n * 2", inputs: { range: [10, 5010] }, batchTasks: 700 });
  await hub.until("the job's end", () => job.ended === 5000, 15000).catch(async (e) => { console.log(hub.received, JSON.stringify(await page.evaluate(() => globalThis.testApi.server?.state()))); throw e; });
  expect([...job.outputs].toSorted(([a], [b]) => a - b)).toEqual(Array.from({ length: 5000 }, (_, i) => [i, (10 + i) * 2]));
  expect(job.repeated).toBe(0);
});
