import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod/mini";
import { EXAMPLES } from "../examples/catalogue.ts";
import { viewSchema, type View } from "../protocol/http/view.ts";
import { decodeValue, encodeValue, type Value } from "../protocol/value.ts";
import { jsonToValue, type Json } from "../protocol/value-json.ts";
import { toSubmission } from "../sdk/submit.ts";
import { SeededRandom } from "../worker/slot/seeded-random.ts";
import { HubProcess } from "./hub-process.ts";
import { allResults, ended } from "./jobs.ts";
import { launchBrowser, openHeadlessTab } from "./tabs.ts";

/** The same job as the catalogue's, in a second or less. What is not here is small as it is offered. */
const SMALL_ARGS: Readonly<Record<string, Json>> = {
  "mandelbrot": { width: 160, height: 90, tile: 32, maxIterations: 300 },
  "path-tracer": { width: 64, height: 36, tile: 16, samples: 4 },
  "monte-carlo-option": { batches: 8, paths: 200 },
  "collatz": { from: 1, to: 20_001, block: 2_500 },
};

type RunTask = (input: Value, task: { index: number; random: () => number; progress: () => void }) => unknown;
const moduleSchema = z.object({ default: z.custom<RunTask>((candidate) => typeof candidate === "function") });
const jsonSchema: z.ZodMiniType<Json> = z.custom<Json>();
const tileSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int(), rgba: z.instanceof(Uint8Array) });

let browser: Browser;
let hub: HubProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start();
  await openHeadlessTab(browser, hub, 2);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

/** What the example's own function gives in Node, with the random numbers that the task of this job would get. */
async function computedHere(file: string, jobId: string, inputs: readonly Value[]): Promise<Value[]> {
  const { default: run } = moduleSchema.parse(await import(file));
  const random = new SeededRandom(jobId);
  return inputs.map((input, index) => {
    random.reseed(index);
    return decodeValue(encodeValue(run(input, { index, random: () => random.next(), progress: () => undefined })));
  });
}

/**
 * Equal up to what two versions of a JavaScript engine may differ by: the last digits of a logarithm or a cosine, and
 * what these come to in the bytes of a picture.
 */
function expectAlike(actual: unknown, expected: unknown, where = "outputs"): void {
  if (typeof expected === "number" && typeof actual === "number") {
    expect(Math.abs(actual - expected), `${where}: ${actual} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
  } else if (expected instanceof Uint8Array && actual instanceof Uint8Array) {
    expect(actual.byteLength, where).toBe(expected.byteLength);
    const difference = expected.reduce((sum, byte, i) => sum + Math.abs(byte - (actual[i] ?? 0)), 0) / expected.byteLength;
    expect(difference, `${where}: mean difference of bytes`).toBeLessThan(0.5);
  } else if (isRecord(expected) && isRecord(actual)) {
    expect(Object.keys(actual), where).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) expectAlike(actual[key], value, `${where}.${key}`);
  } else {
    expect(actual, where).toEqual(expected);
  }
}

function isRecord(candidate: unknown): candidate is Readonly<Record<string, unknown>> {
  return typeof candidate === "object" && candidate !== null;
}

async function expectPicture(jobId: string, view: View, outputs: readonly Value[]): Promise<void> {
  const response = await fetch(`${hub.url}/api/jobs/${jobId}/picture.png`);
  if (view.kind === "image") {
    expect(response.headers.get("content-type")).toBe("image/png");
    const { data, info } = await sharp(await response.arrayBuffer()).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([view.width, view.height]);
    expect(data.equals(drawn(view, outputs))).toBe(true);
  } else if (view.kind === "chart") {
    expect(response.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
    const svg = await response.text();
    expect(svg).toMatch(/^<svg/);
    expect(svg).toMatch(/<path[^>]* d="M/);
  } else {
    expect(response.status).toBe(404);
  }
}

/** All tiles on one canvas, as bytes of RGBA. */
function drawn({ width, height }: { width: number; height: number }, outputs: readonly Value[]): Buffer {
  const canvas = Buffer.alloc(4 * width * height);
  for (const output of outputs) {
    const tile = tileSchema.parse(output);
    for (let row = 0; row < tile.height; row++) {
      canvas.set(tile.rgba.subarray(4 * row * tile.width, 4 * (row + 1) * tile.width), 4 * ((tile.y + row) * width + tile.x));
    }
  }
  return canvas;
}

test.each(EXAMPLES)("examples/$id: on a real tab it gives what its function gives in Node, and its picture is served", async ({ id, args }) => {
  const file = join(import.meta.dirname, "../examples", id, "job.ts");
  const submission = await toSubmission({ file, args: SMALL_ARGS[id] ?? args });
  const lines = z.object({ ndjson: z.string() }).parse(submission.inputs).ndjson.split("\n");
  const inputs = lines.map((line) => jsonToValue(jsonSchema.parse(JSON.parse(line))));

  const { jobId } = await hub.client.submit(submission);
  expect(await ended(hub, jobId)).toMatchObject({ state: "completed", tasks: { total: inputs.length, done: inputs.length, failed: 0 } });

  const results = await allResults(hub, jobId);
  const outputs = results.map((line) => jsonToValue(z.object({ output: jsonSchema }).parse(line).output));
  expectAlike(outputs, await computedHere(file, jobId, inputs));
  await expectPicture(jobId, viewSchema.parse(submission.view), outputs);
});
