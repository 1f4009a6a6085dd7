import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import draw, { inputs } from "../examples/mandelbrot/job.ts";
import { HubProcess } from "./hub-process.ts";
import { ended } from "./jobs.ts";
import { watchFaults } from "./page-faults.ts";
import { Postbox } from "./postbox.ts";
import { launchBrowser, until } from "./tabs.ts";

// The whole story of issue 2, as three people live it: two lend a hand, one submits, watches, and comes back by the link.

/** Small, and with enough to do that its growth can be watched. */
const ARGS = { width: 320, height: 180, tile: 20, maxIterations: 800_000 };
const TILES = [...inputs(ARGS)];
/** Some of the tiles as the example's own function gives them in Node. */
const OWN_TILES = TILES.filter((_, index) => index % 9 === 4).map(draw);
const GROWS_WITHIN_MS = 180_000;
const EMAIL = "ada@example.org";

let browser: Browser;
let hub: HubProcess;
let postbox: Postbox;

beforeAll(async () => {
  postbox = await Postbox.open();
  browser = await launchBrowser();
  hub = await HubProcess.start("--smtp", postbox.url);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
  await postbox.close();
});

/** Somebody with a browser profile of their own. */
async function person(path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const faults = watchFaults(page);
  await page.goto(`${hub.url}${path}`);
  return { page, faults };
}

async function lendAHand(): Promise<{ page: Page; faults: string[] }> {
  const volunteer = await person("/");
  await volunteer.page.getByRole("button", { name: "Lend a hand" }).click();
  await volunteer.page.waitForURL(/\/contribute$/);
  await volunteer.page.getByText("Ready, no work right now").waitFor();
  return volunteer;
}

/** From the examples to the job's page. Answers the job's id. */
async function submitMandelbrot(page: Page): Promise<string> {
  await page.getByRole("button", { name: /^Mandelbrot set/ }).click();
  // The editor draws only the lines in sight, so the first one is what can be waited for.
  await page.getByRole("textbox", { name: "The job's module, TypeScript" }).getByText("The Mandelbrot set").waitFor();
  await page.getByRole("textbox", { name: "Arguments" }).fill(JSON.stringify(ARGS));
  await page.getByRole("button", { name: "Try it here" }).click();
  await page.getByText(`All ${TILES.length} tasks take about`).waitFor();
  await page.getByRole("textbox", { name: "Mail me when it ends" }).fill(EMAIL);
  await page.getByRole("button", { name: "Submit the job" }).click();
  await page.waitForURL(/\/jobs\/[\w-]+$/);
  return page.url().split("/").at(-1) ?? "";
}

/** How many pixels of the picture are drawn in this page. */
function drawnPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("main canvas");
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let drawn = 0;
    for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 0) drawn++;
    return drawn;
  });
}

/** What the page shows, pixel by pixel, as base64 of RGBA. */
function shownPixels(page: Page): Promise<string> {
  return page.evaluate(() => {
    const canvas = document.querySelector("main canvas");
    const data = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data : undefined;
    return btoa(Array.from(data ?? [], (byte) => String.fromCharCode(byte)).join(""));
  });
}

/** Mean difference of a channel between the picture and what the example's own function gives. */
function differenceFromOwn(rgba: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (const own of OWN_TILES) {
    for (let i = 0; i < own.rgba.length; i++) {
      const column = Math.floor(i / 4) % own.width;
      const row = Math.floor(i / 4 / own.width);
      sum += Math.abs((own.rgba[i] ?? 0) - (rgba[4 * ((own.y + row) * ARGS.width + own.x + column) + (i % 4)] ?? NaN));
      count++;
    }
  }
  return sum / count;
}

async function pixelsOfPng(png: ArrayBuffer | Buffer): Promise<Buffer> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([ARGS.width, ARGS.height]);
  return data;
}

async function watchItGrow(page: Page, jobId: string): Promise<void> {
  const states = new Set<number>();
  await until("the picture is whole", async () => {
    const drawn = await drawnPixels(page);
    states.add(drawn);
    return drawn;
  }, (drawn) => drawn === ARGS.width * ARGS.height, GROWS_WITHIN_MS);
  const grown = [...states].filter((drawn) => drawn > 0);
  expect(grown.length).toBeGreaterThanOrEqual(4);
  expect(grown).toEqual(grown.toSorted((a, b) => a - b));
  await page.locator("main").getByText("completed", { exact: true }).waitFor();
  expect(await hub.client.job(jobId)).toMatchObject({ state: "completed", tasks: { total: TILES.length, done: TILES.length, failed: 0 } });
}

async function findInGallery(page: Page, jobId: string): Promise<void> {
  await page.getByRole("link", { name: "Gallery" }).click();
  await page.getByRole("link", { name: "something else" }).waitFor();
  await page.getByRole("searchbox", { name: "Name, owner or tag" }).fill("mandel");
  await page.getByRole("link", { name: "something else" }).waitFor({ state: "detached" });
  const card = page.locator("main").getByRole("link", { name: "Mandelbrot set" });
  await card.waitFor();
  expect(await card.count()).toBe(1);
  await card.click();
  await page.waitForURL(`${hub.url}/results/${jobId}`);
}

async function checkMail(jobId: string): Promise<void> {
  const [mail] = await until("the mail is there", () => Promise.resolve(postbox.mails), (mails) => mails.length > 0);
  const to = [mail?.to].flat().map((address) => address?.text);
  expect(to).toEqual([EMAIL]);
  expect(mail?.subject).toBe("Manyhands: Mandelbrot set is done");
  expect(mail?.text).toContain(`${hub.url}/results/${jobId}`);
  expect(mail?.text).toContain("State: completed");
  expect(mail?.text).toContain(`${TILES.length} of ${TILES.length} done`);
  expect(mail?.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([["picture.png", "image/png"]]);
  expect(differenceFromOwn(await pixelsOfPng(mail?.attachments[0]?.content ?? Buffer.alloc(0)))).toBeLessThan(0.5);
}

test("the whole story: two lend a hand, one submits, the picture grows, the gallery has it, the link stays, a mail brings it (R1, R2)", async () => {
  const volunteers = [await lendAHand(), await lendAHand()];
  expect((await hub.client.computeServers()).total).toBe(2);
  const { jobId: other } = await hub.client.submit({ name: "something else", executable: { source: "export default (n) => n" }, inputs: [1] });
  await ended(hub, other);

  const submitter = await person("/submit");
  const jobId = await submitMandelbrot(submitter.page);
  await submitter.page.getByText(new RegExp(`^[1-9]\\d* of ${TILES.length} tasks done, .* a second`)).waitFor();
  await Promise.all(volunteers.map(({ page }) => page.getByRole("link", { name: "Mandelbrot set" }).waitFor()));
  await submitter.page.getByRole("link", { name: "See the result" }).click();
  await submitter.page.waitForURL(/\/results\//);
  await watchItGrow(submitter.page, jobId);
  await findInGallery(submitter.page, jobId);

  const stranger = await person(`/results/${jobId}`);
  await until("the stranger sees the whole picture", () => drawnPixels(stranger.page), (drawn) => drawn === ARGS.width * ARGS.height);
  expect(differenceFromOwn(Buffer.from(await shownPixels(stranger.page), "base64"))).toBeLessThan(0.5);
  const picture = await fetch(`${hub.url}/api/jobs/${jobId}/picture.png`);
  expect(differenceFromOwn(await pixelsOfPng(await picture.arrayBuffer()))).toBeLessThan(0.5);
  await checkMail(jobId);

  for (const [stopped, { page }] of volunteers.entries()) {
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Not computing").waitFor();
    await until("it is found no more", () => hub.client.computeServers(), ({ total }) => total === volunteers.length - 1 - stopped);
  }
  for (const { faults } of [...volunteers, submitter, stranger]) expect(faults).toEqual([]);

  // The hub's end flushes what is on its way, and a new start finds the outbox as it is: it stays at one mail.
  await hub.stop();
  await hub.start();
  await hub.stop();
  expect(postbox.mails).toHaveLength(1);
}, 3 * GROWS_WITHIN_MS);
