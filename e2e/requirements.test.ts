import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubProcess } from "./hub-process.ts";
import { busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

// What a job asks for, against what a real tab declares, and the words that the pages tell of it.

let browser: Browser;
let hub: HubProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start("--policy", "longest-since-completion", "--weight", "local=2");
  await openHeadlessTab(browser, hub, 1);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

test("a job that a tab fits runs there, by a policy of its own", async () => {
  const options = { policy: "two-choices", requires: { capabilities: ["wasm", "wasm-simd"], engine: "chromium-100" } };
  // The smallest module with a vector instruction in it: a slot compiles what the tab said it could.
  const simd = "export default (n) => WebAssembly.validate(new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,123,3,2,1,0,10,10,1,8,0,65,0,253,15,253,98,11])) && n";
  const jobId = await submitRange(hub, "simd", simd, 1, 5, options);
  const job = await ended(hub, jobId);
  expect(job).toMatchObject({ state: "completed", options: { policy: "two-choices", requires: options.requires } });
  expect((await hub.client.resultsPage(jobId, {})).map((line) => ("output" in line ? line.output : null))).toEqual([1, 2, 3, 4]);
  const [server] = (await hub.client.computeServers()).computeServers;
  expect(server?.engine).toMatch(/^chromium-\d+$/);
  expect(server?.capabilities).toEqual(expect.arrayContaining(["wasm", "wasm-simd"]));
  expect((await hub.client.policies()).byDefault).toBe("longest-since-completion");
});

test("a job that no tab fits says so on its page, and the tab says why it idles", async () => {
  const jobId = await submitRange(hub, "for another browser", "export default (n) => n", 0, 5, { requires: { engine: "firefox" } });
  const why = /^The only Compute Server does not offer what it requires: “test-tab” lacks firefox \(it is chromium-\d+\)\.$/;
  await until("it says why", () => hub.client.job(jobId), ({ waitingFor }) => why.test(waitingFor ?? ""));
  const page = await browser.newPage();
  await page.goto(`${hub.url}/jobs/${jobId}`);
  await page.getByText("“test-tab” lacks firefox").waitFor();
  await page.getByText("Requires", { exact: true }).waitFor();
  await page.goto(`${hub.url}/grid`);
  await page.getByText("it lacks firefox").waitFor();
  // This page's own tab, once it lends a hand, is told the same in the hub's words.
  await page.goto(`${hub.url}/contribute`);
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("it lacks firefox").waitFor();
  const { computeServers } = await hub.client.computeServers();
  expect(computeServers).toHaveLength(2);
  for (const { waitingFor } of computeServers) expect(waitingFor).toMatch(/^The job that waits requires what it does not offer: it lacks firefox/);
  await page.close();
  await hub.client.control(jobId, "cancel");
});

test("a small job behind a long one has its turn at once, and the long one says who has its slot", async () => {
  const long = await submitRange(hub, "long", busySquare(50), 0, 100_000);
  await until("it runs", () => hub.client.job(long), ({ tasks }) => tasks.done > 50);
  const small = await submitRange(hub, "small", busySquare(50), 0, 10);
  const job = await ended(hub, small);
  expect(job.state).toBe("completed");
  expect((await hub.client.job(long)).state).toBe("running");
  await hub.client.control(long, "cancel");
});

test("the submit page offers the policies and requirements of this hub", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1400 } });
  const page = await context.newPage();
  await page.goto(`${hub.url}/submit`);
  await page.getByRole("button", { name: "More options" }).click();
  const policy = page.getByLabel("Placement policy");
  await policy.locator("option", { hasText: "The hub's own: longest-since-completion" }).waitFor({ state: "attached" });
  await policy.selectOption("round-robin");
  await page.getByText("The next batch goes to each in turn").waitFor();
  await page.getByLabel("Requires").first().click();
  await page.getByRole("option", { name: "wasm-simd", exact: true }).click();
  await page.keyboard.press("Escape");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  await context.close();
});
