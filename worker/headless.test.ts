import { afterAll, beforeAll, expect, test } from "vitest";
import { TestBrowser } from "./test-browser.ts";
import type { ComputeServerHandle } from "./host/compute-server-state.ts";
import type { TestHub } from "./test-hub.ts";

declare global {
  var manyhands: ComputeServerHandle | undefined;
}

let browser: TestBrowser;
let hub: TestHub;

beforeAll(async () => {
  browser = await TestBrowser.start();
  hub = await browser.hub();
});
afterAll(async () => {
  await browser.close();
  await hub.close();
});

test("headless page: starts by itself from its fragment, tells lines of JSON, computes, and stops when told", async () => {
  const page = await browser.browser.newPage();
  const lines: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "log") lines.push(message.text());
  });
  await page.goto(`${hub.url}/worker/headless/index.html#slots=2&name=lab-3&cpu=1&memory=3000`);
  const job = hub.submit({ source: "export default (n) => n", inputs: { range: [0, 100] }, batchTasks: 10 });
  await hub.until("the job's end", () => job.ended === 100);
  expect(hub.received[0]).toMatchObject({ type: "register", name: "lab-3", slots: 2, memoryMiB: 3_000, capabilities: expect.arrayContaining(["wasm", "wasm-simd"]) });
  await page.waitForFunction(() => globalThis.manyhands?.state().tasksDone === 100);
  await page.evaluate(() => globalThis.manyhands?.stop());
  await hub.until("unregister", () => hub.received.some(({ type }) => type === "unregister"));
  await page.waitForFunction(() => globalThis.manyhands?.state().phase === "stopped");
  const told: unknown[] = lines.map((line) => JSON.parse(line));
  expect(told).toContainEqual(expect.objectContaining({ type: "state", phase: "registered" }));
  expect(told.at(-1)).toMatchObject({ type: "state", phase: "stopped" });
});

test("headless page: options that it cannot read are an error line, and nothing starts", async () => {
  const page = await browser.browser.newPage();
  const told = page.waitForEvent("console", (message) => message.text().includes('"error"'));
  await page.goto(`${hub.url}/worker/headless/index.html#slots=many`);
  expect(JSON.parse((await told).text())).toMatchObject({ type: "error" });
  expect(await page.evaluate(() => globalThis.manyhands)).toBeUndefined();
});
