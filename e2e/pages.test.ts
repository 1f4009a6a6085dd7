import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Submission } from "../protocol/http/submission.ts";
import { overflow, violations } from "./axe.ts";
import { HubProcess } from "./hub-process.ts";
import { ended } from "./jobs.ts";
import { watchFaults } from "./page-faults.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

const LOOKS = [
  { scheme: "light", width: 1280, height: 800 },
  { scheme: "dark", width: 1280, height: 800 },
  { scheme: "light", width: 390, height: 844 },
  { scheme: "dark", width: 390, height: 844 },
] as const;
const UNKNOWN_JOB = "there-is-no-such-job";
/** More controls than any page has. */
const TABS_AT_MOST = 80;

/** Jobs of each kind of result. */
const JOBS: Readonly<Record<"image" | "chart" | "narrow" | "table" | "value" | "text" | "failed", Submission>> = {
  image: {
    name: "A picture", view: { kind: "image", width: 60, height: 20 }, inputs: [0, 20, 40], options: { tags: ["squares"] },
    executable: { source: "export default (x) => ({ x, y: 0, width: 20, height: 20, rgba: new Uint8Array(1600).fill(150 + x) })" },
  },
  chart: {
    name: "A chart", inputs: { range: { start: 0, end: 30 } }, executable: { source: "export default (n) => ({ n, square: n * n })" },
    view: { kind: "chart", spec: { data: { name: "outputs" }, mark: "line", encoding: { x: { field: "n", type: "quantitative" }, y: { field: "square", type: "quantitative" } } } },
  },
  narrow: {
    name: "A narrow one", inputs: [1, 2, 3], executable: { source: "export default (n) => ({ n, square: n * n })" },
    view: { kind: "chart", spec: { mark: "bar", width: 60, height: 400, encoding: { x: { field: "n", type: "ordinal" }, y: { field: "square", type: "quantitative" } } } },
  },
  table: { name: "A table", view: { kind: "table" }, inputs: { range: { start: 0, end: 200 } }, executable: { source: "export default (n) => ({ n, word: 'word '.repeat(n % 7), half: n / 2 })" } },
  value: { name: "A value", view: { kind: "value" }, inputs: [6], executable: { source: "export default (n) => 7 * n" } },
  text: { name: "A text", view: { kind: "text" }, inputs: ["Call me Ishmael.", "It was the best of times."], executable: { source: "export default (line) => line + ' ' + 'and so on '.repeat(30)" } },
  failed: { name: "A failure", inputs: { range: { start: 0, end: 10 } }, executable: { source: "export default function half(n) { if (n % 2) throw new RangeError('cannot halve an odd number'); return n / 2 }" } },
};

let browser: Browser;
let hub: HubProcess;
const ids = new Map<string, string>();
const pages: { name: string; path: string; ready: (page: Page) => Locator; expected?: RegExp }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start();
  const { context } = await openHeadlessTab(browser, hub, 2);
  for (const [kind, submission] of Object.entries(JOBS)) ids.set(kind, (await hub.client.submit(submission)).jobId);
  await Promise.all([...ids.values()].map((jobId) => ended(hub, jobId)));
  // Never ends, and leaves the processor alone.
  const slow = "export default async (n, task) => { task.log('waits'); await new Promise(() => {}); return n }";
  const { jobId: running } = await hub.client.submit({ name: "A long one", executable: { source: slow }, inputs: { range: { start: 0, end: 1000 } }, options: { taskTimeoutMs: 3_600_000 } });
  await until("it runs", () => hub.client.job(running), ({ tasks }) => tasks.running > 0);
  expect(context.pages()).toHaveLength(1);

  const heading = (name: string) => (page: Page) => page.getByRole("heading", { level: 1, name });
  pages.push(
    { name: "/", path: "/", ready: (page) => page.locator("main").getByRole("img", { name: /registered now/ }) },
    { name: "/contribute", path: "/contribute", ready: (page) => page.getByRole("button", { name: "Start" }) },
    { name: "/submit", path: "/submit", ready: (page) => page.getByRole("textbox", { name: "The job's module, TypeScript" }) },
    { name: "/jobs", path: "/jobs", ready: (page) => page.locator("main").getByRole("link", { name: "A chart" }) },
    { name: "/jobs/{id}, running", path: `/jobs/${running}`, ready: (page) => page.locator("main").getByText("running", { exact: true }).first() },
    { name: "/jobs/{id}, completed", path: `/jobs/${ids.get("image")}`, ready: heading("A picture") },
    { name: "/jobs/{id}, failed", path: `/jobs/${ids.get("failed")}`, ready: (page) => page.getByText("cannot halve an odd number").first() },
    { name: "/gallery", path: "/gallery", ready: (page) => page.locator("main").getByRole("link", { name: "A chart" }) },
    { name: "/results/{id}, image", path: `/results/${ids.get("image")}`, ready: (page) => page.locator("main canvas") },
    { name: "/results/{id}, chart", path: `/results/${ids.get("chart")}`, ready: (page) => page.locator("main img") },
    { name: "/results/{id}, table", path: `/results/${ids.get("table")}`, ready: (page) => page.getByRole("columnheader", { name: "half" }) },
    { name: "/results/{id}, value", path: `/results/${ids.get("value")}`, ready: (page) => page.locator("main").getByText("42", { exact: true }) },
    { name: "/results/{id}, text", path: `/results/${ids.get("text")}`, ready: (page) => page.getByText(/Call me Ishmael/) },
    { name: "/grid", path: "/grid", ready: (page) => page.locator("main").getByText("test-tab") },
    { name: "/settings", path: "/settings", ready: heading("Settings") },
    { name: "an unknown path", path: "/no/such/page", ready: (page) => page.locator("main h1"), expected: /status of 404/ },
    { name: "an unknown job", path: `/jobs/${UNKNOWN_JOB}`, ready: (page) => page.locator("main h1"), expected: /status of 404/ },
    { name: "the result of an unknown job", path: `/results/${UNKNOWN_JOB}`, ready: (page) => page.getByText("This job is not here"), expected: /status of 404/ },
  );
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

test.each(LOOKS)("every page, $scheme at $width pixels: axe finds nothing, nothing is wider than the window, the console stays clean", async ({ scheme, width, height }) => {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults = watchFaults(page);
  for (const { name, path, ready, expected } of pages) {
    await page.goto(`${hub.url}${path}`);
    await ready(page).waitFor();
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme"), name).toBe(scheme);
    expect(await violations(page), name).toEqual([]);
    expect(await overflow(page), name).toEqual([]);
    expect(faults.filter((fault) => expected === undefined || !expected.test(fault)), name).toEqual([]);
    faults.length = 0;
  }
  await context.close();
});

test("/results/{id}, a chart that is narrow and high: it is seen whole, without a magnifying glass", async () => {
  for (const { width, height } of LOOKS.slice(1, 3)) {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    await page.goto(`${hub.url}/results/${ids.get("narrow")}`);
    const chart = page.locator("main img");
    await chart.waitFor();
    const seen = await until("it is drawn", () => chart.boundingBox(), (box) => (box?.height ?? 0) > 100);
    expect(seen?.height).toBeLessThanOrEqual(0.8 * height);
    await context.close();
  }
});

test("/contribute on a phone: the bar at the top grows no higher while the tab lends a hand", async () => {
  const { page, context } = await openPhone("/contribute");
  const barHeight = async () => (await page.locator("header").boundingBox())?.height;
  const before = await barHeight();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("link", { name: /^This tab: \d+ at work/ }).waitFor();
  expect(await barHeight()).toBe(before);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Not computing").waitFor();
  await until("the hub has it no more", () => hub.client.computeServers(), ({ total }) => total === 1);
  await context.close();
});

async function openPhone(path: string) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${hub.url}${path}`);
  return { page, context };
}

/** Moves the focus by Tab alone until it is on the control. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < TABS_AT_MOST; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Cannot reach ${String(control)} by ${TABS_AT_MOST} presses of Tab`);
}

test("by keyboard alone: from the first page to computing, and to a stop", async () => {
  const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  const faults = watchFaults(page);
  await page.goto(hub.url);
  await tabTo(page, page.getByRole("button", { name: "Lend a hand" }));
  await page.keyboard.press("Enter");
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.waitFor();
  await until("the hub has it", () => hub.client.computeServers(), ({ total }) => total === 2);
  expect(await violations(page)).toEqual([]);
  await tabTo(page, stop);
  await page.keyboard.press("Enter");
  await page.getByText("Not computing").waitFor();
  await until("the hub has it no more", () => hub.client.computeServers(), ({ total }) => total === 1);
  // The focus is still there: the same press starts again.
  await page.keyboard.press("Enter");
  await until("the hub has it again", () => hub.client.computeServers(), ({ total }) => total === 2);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("by keyboard alone: an example is chosen, tried and submitted", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${hub.url}/submit`);
  const example = page.getByRole("button", { name: /^Word count/ });
  await example.waitFor();
  await tabTo(page, example);
  await page.keyboard.press("Enter");
  const editor = page.getByRole("textbox", { name: "The job's module, TypeScript" });
  await editor.getByText("How often does each word").waitFor();
  // Through the editor, which holds nobody back.
  await tabTo(page, editor);
  await tabTo(page, page.getByRole("button", { name: "Try it here" }));
  await page.keyboard.press("Enter");
  await page.getByText(/Task 0 took/).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Submit the job" }));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/jobs\/[\w-]+$/);
  const jobId = page.url().split("/").at(-1) ?? "";
  expect((await hub.client.job(jobId)).name).toBe("Word count");
  await page.context().close();
});
