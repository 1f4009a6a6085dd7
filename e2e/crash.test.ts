import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubProcess } from "./hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

let browser: Browser;
let hub: HubProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start();
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

test("hub: killed ten times during a job, every result is there exactly once and none that was shown is lost (R1, R2, R3)", async () => {
  await openHeadlessTab(browser, hub, 2);
  const jobId = await submitRange(hub, "survivor", busySquare(10), 0, 3000);
  let shown = 0;
  for (let kill = 0; kill < 10; kill++) {
    const before = shown;
    shown = await until("more results are there", async () => (await hub.client.job(jobId)).tasks.done, (done) => done > before);
    await hub.stop("SIGKILL");
    await hub.start();
    const { tasks } = await hub.client.job(jobId);
    expect(tasks.done).toBeGreaterThanOrEqual(shown);
  }
  const job = await ended(hub, jobId);
  expect(job.state).toBe("completed");
  const lines = await allResults(hub, jobId);
  expect(lines).toEqual(Array.from({ length: 3000 }, (_, index) => ({ index, output: index * index })));
});

test("hub: stops on SIGTERM with exit code 0, and the tab goes on with the next hub", async () => {
  const jobId = await submitRange(hub, "drained", busySquare(20), 0, 300);
  await until("it runs", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 0);
  expect(await hub.stop("SIGTERM")).toBe(0);
  await hub.start();
  expect((await ended(hub, jobId)).state).toBe("completed");
  expect(await allResults(hub, jobId)).toHaveLength(300);
});
