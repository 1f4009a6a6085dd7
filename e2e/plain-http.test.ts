import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubProcess } from "./hub-process.ts";
import { allResults, busySquare, ended, submitRange } from "./jobs.ts";
import { watchFaults } from "./page-faults.ts";
import { launchBrowser, until } from "./tabs.ts";

// A machine of the local network, opened over plain http: to the browser no secure context.
const NAME = "grid.test";
/** A header that a secure context would heed; Chromium says so once a page. */
const NOT_HEEDED = "Cross-Origin-Opener-Policy header has been ignored";

let browser: Browser;
let hub: HubProcess;
let url: string;

beforeAll(async () => {
  browser = await launchBrowser(`--host-resolver-rules=MAP ${NAME} 127.0.0.1`);
  hub = await HubProcess.start("--allow-host", NAME);
  url = hub.url.replace("127.0.0.1", NAME);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

async function openPage(path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const faults = watchFaults(page);
  await page.goto(`${url}${path}`);
  expect(await page.evaluate(() => [isSecureContext, "locks" in navigator, "clipboard" in navigator, "subtle" in crypto])).toEqual([false, false, false, false]);
  return { page, faults };
}

test("a page over plain http: it lends a hand, and says what is missing", async () => {
  const { page, faults } = await openPage("/contribute");
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("It works here, with less").waitFor();
  await page.getByText(/No secure context/).waitFor();
  await page.getByText(/No Web Locks/).waitFor();
  const jobId = await submitRange(hub, "over plain http", busySquare(5), 0, 100);
  expect((await ended(hub, jobId)).state).toBe("completed");
  expect(await allResults(hub, jobId)).toEqual(Array.from({ length: 100 }, (_, index) => ({ index, output: index * index })));
  expect(faults.filter((fault) => !fault.includes(NOT_HEEDED))).toEqual([]);
});

test("a page over plain http: a job is tried and submitted there, and its link is copied without a clipboard", async () => {
  const { page, faults } = await openPage("/submit");
  await page.getByRole("button", { name: /^Word count/ }).click();
  await page.getByRole("textbox", { name: "The job's module, TypeScript" }).getByText("How often does each word").waitFor();
  await page.getByRole("button", { name: "Try it here" }).click();
  await page.getByText(/Task 0 took/).waitFor();
  await page.getByRole("button", { name: "Submit the job" }).click();
  await page.waitForURL(/\/jobs\/[\w-]+$/);
  const jobId = page.url().split("/").at(-1) ?? "";
  expect((await ended(hub, jobId)).state).toBe("completed");

  await page.getByRole("link", { name: "See the result" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const field = page.getByRole("textbox", { name: "Copy it from here" });
  await until("the link is selected, ready to be copied", () => field.evaluate((element) => (element instanceof HTMLInputElement ? element.value.slice(element.selectionStart ?? 0, element.selectionEnd ?? 0) : "")),
    (selected) => selected === `${url}/results/${jobId}`);
  expect(faults.filter((fault) => !fault.includes(NOT_HEEDED))).toEqual([]);
});
