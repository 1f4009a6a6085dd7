import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { computeServerIdSchema } from "../../protocol/ids.ts";
import { TestTab } from "../compute-link/test-tab.ts";
import { TestRunningGrid } from "../grid/test-running-grid.ts";
import { DAY_MS } from "./keeping.ts";
import { Retention } from "./retention.ts";

let hub: TestRunningGrid;
let retention: Retention | undefined;
let nowMs: number;

beforeEach(async () => {
  hub = await TestRunningGrid.start();
  nowMs = Date.now();
});
afterEach(async () => {
  await retention?.close();
  retention = undefined;
  await hub.remove();
});

function start(keepDays: number | null): Retention {
  retention = new Retention({ archive: hub.archive, grid: hub.grid, logger: pino({ level: "silent" }), keepDays, now: () => nowMs });
  return retention;
}

/** A job that a real tab has finished. */
async function finished(name: string, tab: TestTab, changes = {}) {
  const job = await hub.submit(name, 1, { notifyEmail: "ann@example.org", ...changes });
  await tab.until(`a batch of ${name}`, () => tab.all("assign").some(({ jobId }) => jobId === job.jobId));
  for (const assign of tab.all("assign")) if (assign.jobId === job.jobId) tab.report(assign, ++sequence, assign.ranges);
  await expect.poll(async () => (await hub.archive.job(job.jobId))?.state).toBe("completed");
  return job.jobId;
}
let sequence = 0;

test("Retention: warns, then removes what is over its time, and nothing else (R1)", async () => {
  const tab = await TestTab.join(hub.port);
  const [plain, short] = [await finished("plain", tab), await finished("short", tab, { keepDays: 1 })];
  const running = await hub.submit("running", 1_000);
  const kept = start(10);
  await kept.look();
  const there = async () => (await hub.archive.jobs({ limit: 10 })).jobs.map(({ jobId }) => jobId);
  const warned = async () => (await hub.archive.dueMail(Number.MAX_SAFE_INTEGER, 10)).filter(({ kind }) => kind === "expiring").map(({ jobId }) => jobId);
  expect(await there()).toHaveLength(3);
  nowMs += 2 * DAY_MS;
  await kept.look();
  expect(new Set(await there())).toEqual(new Set([plain, running.jobId]));
  nowMs += 6 * DAY_MS;
  await kept.look();
  expect(await warned()).toEqual([plain]);
  nowMs += 3 * DAY_MS;
  await kept.look();
  expect(await there()).toEqual([running.jobId]);
  expect(await hub.archive.results(plain, [0, 2], 10)).toEqual([]);
  expect([await warned(), hub.fatal, short === plain]).toEqual([[], [], false]);
});

test("Retention: without a number of days everything stays but what its owner wishes gone", async () => {
  const tab = await TestTab.join(hub.port);
  const [plain, short] = [await finished("plain", tab), await finished("short", tab, { keepDays: 3 })];
  nowMs += 10_000 * DAY_MS;
  await start(null).look();
  expect(await hub.archive.job(plain)).toBeDefined();
  expect(await hub.archive.job(short)).toBeUndefined();
});

test("RunningGrid.remove: a job that runs ends at once, what tabs report of it later changes nothing, and the hub goes on (R5)", async () => {
  start(null);
  const tab = await TestTab.join(hub.port);
  const { jobId } = await hub.submit("removed", 10);
  const assign = await tab.first("assign");
  await hub.grid.remove(jobId);
  await expect(hub.grid.remove(jobId)).rejects.toMatchObject({ kind: "not-found" });
  await expect(hub.grid.retry(jobId)).rejects.toMatchObject({ kind: "not-found" });
  await tab.first("revoke");
  tab.report(assign, ++sequence, assign.ranges);
  await tab.until("the acknowledgement", () => tab.all("acknowledge").some(({ upTo }) => upTo === sequence));
  expect(await hub.archive.job(jobId)).toBeUndefined();
  await finished("after-it", tab);
  expect(hub.fatal).toEqual([]);
  expect(hub.grid.computeServer(computeServerIdSchema.parse(tab.identity.computeServerId))).toBeDefined();
});

test("RunningGrid.remove: asked for while results come and failed tasks are run again, nothing is taken up of it any more (R2)", async () => {
  start(null);
  const tab = await TestTab.join(hub.port, { slots: 4 });
  for (let round = 0; round < 10; round++) {
    const job = await hub.submit(`contested-${round}`, 4, { maxAttempts: 1 });
    await tab.until("batches", () => tab.all("assign").some(({ jobId }) => jobId === job.jobId));
    for (const assign of tab.all("assign")) if (assign.jobId === job.jobId) tab.reportFailures(assign, ++sequence, assign.ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
    const asked = [hub.grid.retry(job.jobId), hub.grid.remove(job.jobId), hub.grid.retry(job.jobId)];
    await Promise.allSettled(asked);
    await hub.grid.remove(job.jobId).catch(() => undefined);
    expect(await hub.archive.job(job.jobId)).toBeUndefined();
    expect(hub.grid.job(job.jobId)).toBeUndefined();
  }
  expect(hub.fatal).toEqual([]);
});
