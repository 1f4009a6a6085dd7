import { expect, test } from "vitest";
import { JOB_LIMITS } from "../limits.ts";
import { givenLimits, taskLimits } from "./task-limits.ts";

test("taskLimits: a job that says nothing has the defaults, within what the operator allows", () => {
  expect(taskLimits({}, 100, JOB_LIMITS)).toEqual({ taskTimeoutMs: 60_000, outputBytes: JOB_LIMITS.bytesPerOutput, logLines: JOB_LIMITS.logLinesPerTask });
  expect(taskLimits({}, 100, { ...JOB_LIMITS, longestTaskMs: 5_000, bytesPerOutput: 10 })).toMatchObject({ taskTimeoutMs: 5_000, outputBytes: 10 });
});

test("taskLimits: a job's own limits hold, a larger input is refused", () => {
  expect(taskLimits({ taskTimeoutMs: 500, limits: { inputBytes: 100, outputBytes: 7, logLines: 0 } }, 100, JOB_LIMITS)).toEqual({ taskTimeoutMs: 500, outputBytes: 7, logLines: 0 });
  expect(() => taskLimits({ limits: { inputBytes: 100 } }, 101, JOB_LIMITS)).toThrow("an input is 101 bytes, the limit of one is 100");
});

test.each([
  [{ taskTimeoutMs: 11 }, "options.taskTimeoutMs is 11, this hub allows 10 at most"], [{ limits: { inputBytes: 11 } }, "options.limits.inputBytes"],
  [{ limits: { outputBytes: 11 } }, "options.limits.outputBytes"], [{ limits: { logLines: 11 } }, "options.limits.logLines"],
])("taskLimits: %j is more than the operator allows, and is refused", (options, message) => {
  expect(() => taskLimits(options, 1, { longestTaskMs: 10, bytesPerInput: 10, bytesPerOutput: 10, logLinesPerTask: 10 })).toThrow(message);
});

test("givenLimits: what the operator lowers after the submission holds for a stored job, too", () => {
  expect(givenLimits({ outputBytes: 100 }, { ...JOB_LIMITS, bytesPerOutput: 10 })).toEqual({ outputBytes: 10, logLines: JOB_LIMITS.logLinesPerTask });
});
