import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { placeOf, TestBrowser } from "./test-browser.ts";
import type { TestHub } from "./test-hub.ts";

let browser: TestBrowser;
let hub: TestHub;
let page: Page;

beforeAll(async () => {
  browser = await TestBrowser.start();
  hub = await browser.hub();
  page = await browser.page(hub);
});
afterAll(async () => {
  await browser.close();
  await hub.close();
});

function attempt(source: string, input: unknown, taskTimeoutMs = 10_000) {
  return page.evaluate(({ source, input, place, taskTimeoutMs }) => globalThis.testApi.attempt(source, input, place, taskTimeoutMs), { source, input, place: placeOf(hub), taskTimeoutMs });
}

function inspect(source: string, args: unknown, maxInputs = 100) {
  return page.evaluate(({ source, args, place, maxInputs }) => globalThis.testApi.inspect(source, args, place, maxInputs), { source, args, place: placeOf(hub), maxInputs });
}

test("tryTask: answers output, time and log lines, and leaves no frame behind", async () => {
  const tried = await attempt("export default (n, task) => { task.log('at', task.index); return { twice: 2 * n } }", 21);
  expect(tried).toMatchObject({ output: { twice: 42 }, logs: ["at 3"] });
  expect(await page.evaluate(() => globalThis.testApi.frames())).toBe(0);
});

test("tryTask: a throw tells message, line and column in the source", async () => {
  const tried = await attempt("export default (n) => {\n  const wide = null;\n  return wide.width;\n}", 1);
  expect(tried).toMatchObject({ kind: "error", line: 3, column: 15 });
});

test("tryTask: each way to fail has its kind", async () => {
  expect(await attempt("export default (n) => n +", 1)).toMatchObject({ kind: "unreadable-executable" });
  expect(await attempt("export const other = 1", 1)).toMatchObject({ kind: "unreadable-executable", message: "Cannot run the Executable: it has no default export that is a function" });
  expect(await attempt("export default () => { while (true); }", 1, 400)).toMatchObject({ kind: "timeout" });
  expect(await attempt("export default () => Symbol('x')", 1)).toMatchObject({ kind: "unsupported-value" });
});

test("tryTask: also in a frame of the hub's own host, whose origin is opaque", async () => {
  const tried = await page.evaluate((place) => globalThis.testApi.attempt("export default (n) => n + 1", 1, place, 5_000), { ...placeOf(hub), sandboxOrigin: null });
  expect(tried).toMatchObject({ output: 2 });
});

test("inspectExecutable: reads view and inputs, each a value or a function of the arguments", async () => {
  const source = "export default (n) => n\nexport const view = ({ side }) => ({ kind: 'image', width: side, height: side })\nexport function* inputs({ side }) { for (let i = 0; i < side; i++) yield { i } }";
  expect(await inspect(source, { side: 3 })).toEqual({ view: { kind: "image", width: 3, height: 3 }, hasDefault: true, values: [{ i: 0 }, { i: 1 }, { i: 2 }], truncated: false });
  expect(await inspect("export const view = { kind: 'table' }; export const inputs = [5, 6]", null)).toEqual({ view: { kind: "table" }, hasDefault: false, values: [5, 6], truncated: false });
  expect(await inspect("export default (n) => n", null)).toEqual({ view: null, hasDefault: true, values: null, truncated: null });
});

test("inspectExecutable: endless inputs are cut at the limit and said to be", async () => {
  expect(await inspect("export function* inputs() { for (let i = 0; ; i++) yield i }", null, 4)).toMatchObject({ values: [0, 1, 2, 3], truncated: true });
});

test("inspectExecutable: inputs that throw reject with the job's own message", async () => {
  await expect(inspect("export const inputs = () => { throw new Error('no data') }", null)).rejects.toThrow("no data");
});
