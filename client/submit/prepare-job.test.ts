import { expect, test } from "vitest";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import { checkSource } from "./check-source.ts";
import { EMPTY_DRAFT, type Draft } from "./draft.ts";
import { countInputs } from "./job-inputs.ts";
import { DraftError, prepareJob, type Inspect } from "./prepare-job.ts";

const SQUARE = "export default (n: number) => n * n;";
const GRID = "export function* inputs({ side }) { for (let i = 0; i < side; i++) yield i }\nexport const view = { kind: 'image', width: 8, height: 8 };\nexport default (i) => i;";

/** Node's stand-in for a sandbox: it imports the module itself, which here is ours. */
const inspect: Inspect = async (javascript, args, maxInputs) => {
  const module: { inputs?: (given: unknown) => Iterable<unknown>; view?: unknown } = await import(`data:text/javascript,${encodeURIComponent(javascript)}`);
  const made = module.inputs === undefined ? null : [...module.inputs(args)];
  return {
    view: module.view ?? null,
    inputs: made === null ? null : { values: packValues(made.slice(0, maxInputs).map(encodeValue)), truncated: made.length > maxInputs },
  };
};

const prepare = (draft: Partial<Draft>) => {
  const whole = { ...EMPTY_DRAFT, ...draft };
  return prepareJob(whole, checkSource(whole.source), inspect);
};
const refusal = (draft: Partial<Draft>) => prepare(draft).then(() => null, (error: unknown) => (error instanceof DraftError ? error : null));

test("prepareJob: a module's own inputs and view, made from the arguments", async () => {
  const job = await prepare({ source: GRID, argsText: '{ "side": 5 }' });
  expect(countInputs(job.inputs)).toBe(5);
  expect(job).toMatchObject({ view: { kind: "image", width: 8 }, args: { side: 5 } });
});

test("prepareJob: a range over a plain function needs no sandbox", async () => {
  const job = await prepareJob({ ...EMPTY_DRAFT, source: SQUARE, inputs: "range" }, checkSource(SQUARE), () => Promise.reject(new Error("not needed")));
  expect(job).toMatchObject({ view: null, inputs: { kind: "range", count: 100 } });
});

test("prepareJob: data keeps the module's view and leaves its inputs", async () => {
  const job = await prepare({ source: GRID, argsText: '{ "side": 5 }', inputs: "data", data: { format: "lines", text: "1\n2", fileName: null } });
  expect(job).toMatchObject({ view: { kind: "image" }, inputs: { kind: "data", values: [1, 2] } });
});

test("prepareJob: whatever is wrong names its part and its place", async () => {
  expect(await refusal({ source: "export default (" })).toMatchObject({ part: "source", problems: [{ line: 1 }] });
  expect(await refusal({ source: SQUARE })).toMatchObject({ part: "inputs", message: expect.stringContaining("exports no `inputs`") });
  expect(await refusal({ source: GRID, argsText: "{ side: 5 }" })).toMatchObject({ part: "inputs", message: expect.stringContaining("line 1") });
  expect(await refusal({ source: GRID })).toMatchObject({ part: "inputs", message: expect.stringMatching(/Cannot read what the module exports: .*side/) });
  expect(await refusal({ source: GRID, argsText: '{ "side": 0 }' })).toMatchObject({ part: "inputs", message: expect.stringContaining("gives none") });
  expect(await refusal({ source: SQUARE, inputs: "data", data: { format: "ndjson", text: "1\n{", fileName: null } })).toMatchObject({ part: "inputs", message: expect.stringContaining("Line 2") });
  expect(await refusal({ source: `${SQUARE}\nexport const view = { kind: "hologram" };`, inputs: "range" })).toMatchObject({ part: "source", message: expect.stringContaining("view") });
});

test("prepareJob: more inputs than a page makes are refused with another way", async () => {
  expect(await refusal({ source: GRID, argsText: '{ "side": 1000001 }' })).toMatchObject({ part: "inputs", message: expect.stringContaining("command line") });
});
