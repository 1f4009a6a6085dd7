import { expect, test } from "vitest";
import { decodeValue, encodeValue } from "../../protocol/value.ts";
import type { PreparedJob } from "./prepare-job.ts";
import { tryJob, type RunTask } from "./try-job.ts";

const job: PreparedJob = { javascript: "", args: undefined, view: { kind: "table" }, inputs: { kind: "range", start: 10, end: 13, step: 1, count: 3 } };
/** A sandbox for one function, which squares. */
const square: RunTask = async ({ input }) => ({ output: encodeValue(Number(decodeValue(input)) ** 2), durationMs: 4, logs: ["squared"] });

test("tryJob: runs the task that was asked for and tells how many there are", async () => {
  expect(await tryJob(job, 1, 1_000, square)).toEqual({ index: 1, output: 121, durationMs: 4, logs: ["squared"], view: { kind: "table" }, tasks: 3 });
});

test("tryJob: past the end it takes the last task, before the start the first", async () => {
  expect(await tryJob(job, 99, 1_000, square)).toMatchObject({ index: 2, output: 144 });
  expect(await tryJob(job, -1, 1_000, square)).toMatchObject({ index: 0, output: 100 });
});
