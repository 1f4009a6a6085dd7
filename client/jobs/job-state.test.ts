import { expect, test } from "vitest";
import { exampleJob } from "./example-job.test-data.ts";
import { isEnded, possibleActions } from "./job-state.ts";

test("possibleActions: an ended job can only be retried, and only when tasks failed", () => {
  expect(possibleActions(exampleJob({ state: "completed" }))).toEqual([]);
  expect(possibleActions(exampleJob({ state: "cancelled" }))).toEqual([]);
  expect(possibleActions(exampleJob({ state: "failed" }))).toEqual(["retry"]);
});

test("possibleActions: a job that has not ended can always be cancelled", () => {
  for (const state of ["queued", "running", "paused"] as const) {
    expect(isEnded(state)).toBe(false);
    expect(possibleActions(exampleJob({ state }))).toContain("cancel");
  }
});

test("possibleActions: a paused job is resumed, not paused again", () => {
  expect(possibleActions(exampleJob({ state: "paused" }))).toContain("resume");
  expect(possibleActions(exampleJob({ state: "paused" }))).not.toContain("pause");
});

test("possibleActions: failed tasks of a running job can be retried, where there are some", () => {
  const tasks = { total: 10, pending: 4, running: 1, done: 5, failed: 0 };
  expect(possibleActions(exampleJob({ tasks }))).not.toContain("retry");
  expect(possibleActions(exampleJob({ tasks: { ...tasks, done: 4, failed: 1 } }))).toContain("retry");
});
