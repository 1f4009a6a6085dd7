import { execFileSync } from "node:child_process";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubProcess } from "./hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

let hub: HubProcess;
let browser: Browser;

beforeAll(async () => {
  hub = await HubProcess.start("--max-lease", "2000");
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

function squares(count: number) {
  return Array.from({ length: count }, (_, index) => ({ index, output: index * index }));
}

test("a tab closed mid-job: its lease ends, it is found no more, its tasks run elsewhere (R4)", async () => {
  const leaving = await openHeadlessTab(browser, hub, 1);
  const jobId = await submitRange(hub, "left", busySquare(50), 0, 200);
  await until("the first tab computes", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 0);
  await leaving.context.close();
  await until("it is found no more", () => hub.client.computeServers(), ({ total }) => total === 0);
  const staying = await openHeadlessTab(browser, hub, 1);
  expect((await ended(hub, jobId)).state).toBe("completed");
  expect(await allResults(hub, jobId)).toEqual(squares(200));
  await staying.context.close();
});

test("a tab frozen past its lease: its tasks run elsewhere; back again, it goes on and nothing counts twice (R2, R4, R5)", async () => {
  const other = await launchBrowser();
  try {
    await openHeadlessTab(other, hub, 1);
    const jobId = await submitRange(hub, "frozen", busySquare(50), 0, 300);
    await until("the tab computes", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 5);
    const session = await other.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type !== "browser").map(({ id }) => String(id));
    execFileSync("kill", ["-STOP", ...renderers]);
    await until("its lease has ended", () => hub.client.computeServers(), ({ total }) => total === 0);
    const helper = await openHeadlessTab(browser, hub, 1);
    await until("another tab takes over", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 100);
    execFileSync("kill", ["-CONT", ...renderers]);
    await until("the frozen tab is back", () => hub.client.computeServers(), ({ total }) => total === 2);
    expect((await ended(hub, jobId)).state).toBe("completed");
    expect(await allResults(hub, jobId)).toEqual(squares(300));
    await helper.context.close();
  } finally {
    await other.close();
  }
});
