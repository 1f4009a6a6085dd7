import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { CLOSE_CODES } from "../protocol/close-codes.ts";
import { placeOf, stateOf, TestBrowser } from "./test-browser.ts";
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

const SLOW = "export default (n) => { const end = performance.now() + 100; while (performance.now() < end); return n }";
const ENDLESS = "export default () => { while (true); }";

function received<T extends TestHub["received"][number]["type"]>(type: T) {
  return hub.received.filter((message): message is Extract<typeof message, { type: T }> => message.type === type);
}

test("ComputeServerHandle.stop: no frame and no worker is left though tasks loop for ever, and the hub is told (R8)", async () => {
  const page = await browser.computeServer(hub, 2);
  const job = hub.submit({ source: ENDLESS, inputs: { range: [0, 10] }, batchTasks: 1 });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 2);
  expect(page.workers().length).toBeGreaterThan(2);
  await page.evaluate(() => globalThis.testApi.server?.stop());
  expect(await page.evaluate(() => globalThis.testApi.frames())).toBe(0);
  await hub.until("unregister", () => received("unregister").length === 1);
  await page.waitForFunction(() => globalThis.testApi.server?.state().phase === "stopped");
  await waitFor(() => page.workers().length === 0, 30_000);
  expect(job.ended).toBe(0);
});

test("ComputeServerHandle.stop: finished results leave before the unregister", async () => {
  hub.acknowledges = false;
  const page = await browser.computeServer(hub, 1);
  const job = hub.submit({ source: SLOW, inputs: { range: [0, 30] }, batchTasks: 30 });
  await page.waitForFunction(() => (globalThis.testApi.server?.state().tasksDone ?? 0) >= 3);
  await page.evaluate(() => globalThis.testApi.server?.stop());
  await hub.until("unregister", () => received("unregister").length === 1);
  expect(job.ended).toBeGreaterThanOrEqual((await stateOf(page)).tasksDone); // what ended last may not have been shown any more
  expect(hub.received.at(-1)?.type).toBe("unregister");
});

test("ComputeServerHandle.start: after a stop it computes again as the same Compute Server", async () => {
  const page = await browser.computeServer(hub, 1);
  await hub.until("register", () => received("register").length === 1);
  await page.waitForFunction(() => globalThis.testApi.server?.state().phase === "registered");
  const before = await stateOf(page);
  await page.evaluate(() => globalThis.testApi.server?.stop());
  await page.evaluate(() => globalThis.testApi.server?.start());
  // Before its unregister has come the hub would give the work to who is about to leave.
  await hub.until("the next register", () => received("register").length === 2);
  const job = hub.submit({ source: "export default (n) => n", inputs: { range: [0, 3] } });
  await hub.until("the job's end", () => job.ended === 3);
  expect(received("register")[1]?.resume?.computeServerId).toBe(before.computeServerId);
});

test("ComputeLink: a link that was cut comes back with its token, its batches and its unacknowledged outcomes, in order (R2, R3)", async () => {
  hub.acknowledges = false;
  const page = await browser.computeServer(hub, 1);
  const job = hub.submit({ source: SLOW, inputs: { range: [0, 40] }, batchTasks: 10 });
  await hub.until("some outcomes", () => job.ended >= 5);
  const before = received("outcomes").map(({ sequence }) => sequence);
  await hub.close();
  await page.waitForFunction((ended) => (globalThis.testApi.server?.state().tasksDone ?? 0) >= ended + 5, job.ended);
  hub.acknowledges = true;
  await hub.listen();
  await hub.until("the job's end", () => job.outputs.size === 40);
  const [first, second] = received("register");
  expect(first?.resume).toBeUndefined();
  expect(second?.resume).toBeDefined();
  expect(second?.holding.length).toBeGreaterThan(0);
  const after = received("outcomes").map(({ sequence }) => sequence).slice(before.length);
  expect(after.slice(0, before.length)).toEqual(before); // sent again, first of all
  expect(after).toEqual(after.toSorted((a, b) => a - b));
  expect(job.differing).toBe(0);
  await page.waitForFunction(() => globalThis.testApi.server?.state().unacknowledged === 0);
});

test("ComputeLink: batches that the hub says to drop are stopped and forgotten (R5)", async () => {
  const page = await browser.computeServer(hub, 1);
  const job = hub.submit({ source: ENDLESS, inputs: { range: [0, 3] }, batchTasks: 1 });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 1);
  hub.send({ type: "revoke", batchIds: job.batches.map(({ batchId }) => batchId), unstartedOnly: false, reason: "the job was cancelled" });
  const next = hub.submit({ source: "export default (n) => n", inputs: { range: [0, 3] } });
  await hub.until("the next job's end", () => next.ended === 3);
  expect(job.ended).toBe(0);
  expect(received("release")).toEqual([]);
});

test("ComputeLink: a revoke of what is not begun is answered by a release of just that", async () => {
  const page = await browser.computeServer(hub, 1);
  // The first batch takes long enough for the revoke to find it running.
  const source = "export default (n) => { const end = performance.now() + (n < 4 ? 1_000 : 1); while (performance.now() < end); return n }";
  const job = hub.submit({ source, inputs: { range: [0, 12] }, batchTasks: 4 });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 1);
  hub.send({ type: "revoke", batchIds: job.batches.map(({ batchId }) => batchId), unstartedOnly: true, reason: "an idle one takes it" });
  await hub.until("releases and the end of the rest", () => received("release").length === 2 && job.ended === 4);
  expect(received("release").map(({ ranges }) => ranges)).toEqual([[[4, 8]], [[8, 12]]]);
  expect([...job.outputs.keys()]).toEqual([0, 1, 2, 3]);
});

test("ComputeServerHandle.setSlots: more slots start at once, none gives everything back", async () => {
  const page = await browser.computeServer(hub, 1);
  hub.window = 8;
  const job = hub.submit({ source: SLOW, inputs: { range: [0, 200] }, batchTasks: 10 });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 1);
  await page.evaluate(() => globalThis.testApi.server?.setSlots(3));
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 3);
  await hub.until("renew with 3 slots", () => received("renew").some(({ slots }) => slots === 3));
  await page.evaluate(() => globalThis.testApi.server?.setSlots(0));
  await hub.until("renew with no slots", () => received("renew").some(({ slots }) => slots === 0));
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 0);
  const given = received("release").reduce((sum, { ranges }) => sum + ranges.reduce((tasks, [from, to]) => tasks + to - from, 0), 0);
  expect(given).toBeGreaterThan(0);
  // The last outcomes may leave a moment after their slots.
  const { tasksDone: kept } = await stateOf(page);
  await hub.until("what was done is told", () => job.ended === kept);
  await page.evaluate(() => globalThis.testApi.server?.setSlots(2));
  await page.waitForFunction(() => globalThis.testApi.frames() === 2);
  expect(job.ended).toBe(kept);
});

test("ComputeLink: what is given back while there is no link is told when there is one again (R2)", async () => {
  const page = await browser.computeServer(hub, 1);
  hub.submit({ source: ENDLESS, inputs: { range: [0, 3] }, batchTasks: 1 });
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 1);
  await hub.close();
  await page.waitForFunction(() => globalThis.testApi.server?.state().phase === "connecting");
  await page.evaluate(() => globalThis.testApi.server?.setSlots(0));
  await page.waitForFunction(() => globalThis.testApi.server?.state().running.length === 0);
  await hub.listen();
  await hub.until("all three releases", () => received("release").length === 3);
  expect(received("release").flatMap(({ ranges }) => ranges).toSorted(([a], [b]) => a - b)).toEqual([[0, 1], [1, 2], [2, 3]]);
});

test("ComputeLink: a tab whose place another link took registers anew, with nothing held", async () => {
  const page = await browser.computeServer(hub, 1);
  await page.waitForFunction(() => globalThis.testApi.server?.state().phase === "registered");
  hub.cut(CLOSE_CODES.replaced);
  await hub.until("the second register", () => received("register").length === 2);
  expect(received("register")[1]).toMatchObject({ holding: [] });
  expect(received("register")[1]?.resume).toBeUndefined();
});

test("ComputeLink: a hub of another version makes the page load itself anew, once, and then says why", async () => {
  hub.refuses = "version 1 is too old";
  const page = await browser.page(hub);
  const create = () => page.evaluate((place) => globalThis.testApi.create(1, place), placeOf(hub));
  const reloaded = page.waitForEvent("load");
  await create();
  await reloaded;
  await page.waitForFunction(() => globalThis.testApi !== undefined);
  await create();
  await page.waitForFunction(() => globalThis.testApi.server?.state().notice?.includes("also after a reload"));
  expect((await stateOf(page)).phase).toBe("refused");
});

test("ComputeLink: results past the outbox's limit make slots wait for the hub, and none is lost (R9)", async () => {
  hub.acknowledges = false;
  hub.window = 1_000;
  const page = await browser.computeServer(hub, 1);
  const job = hub.submit({ source: "export default () => new Uint8Array(60_000)", inputs: { range: [0, 2_000] }, batchTasks: 20 });
  await page.waitForFunction(() => {
    const state = globalThis.testApi.server?.state();
    return state !== undefined && state.tasksDone > 1_000 && state.running.length === 0;
  });
  expect(job.ended).toBeLessThan(2_000);
  hub.acknowledges = true;
  const last = received("outcomes").at(-1);
  if (last !== undefined) hub.send({ type: "acknowledge", upTo: last.sequence });
  await hub.until("the job's end", () => job.ended === 2_000);
  expect(job.repeated).toBe(0);
});

async function waitFor(condition: () => boolean, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > until) throw new Error(`it did not happen in ${timeoutMs} ms`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
