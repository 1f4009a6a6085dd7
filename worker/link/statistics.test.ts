import { expect, test } from "vitest";
import { Statistics } from "./statistics.ts";

test("Statistics.history: counts tasks in the second in which they ended, and forgets after a minute", () => {
  const statistics = new Statistics(0);
  statistics.count({ done: [[0, 5]], failures: [], busyMs: 10 }, 500);
  statistics.count({ done: [[5, 7]], failures: [{ index: 9, kind: "error", message: "", stack: "" }], busyMs: 10 }, 2_500);
  expect(statistics.history(2_900).slice(-4)).toEqual([0, 5, 0, 3]);
  expect(statistics.history(2_900).length).toBe(60);
  expect(statistics.history(61_000).some((count) => count > 0)).toBe(true);
  expect(statistics.history(63_000).every((count) => count === 0)).toBe(true);
  expect([statistics.tasksDone, statistics.tasksFailed, statistics.timeGivenMs]).toEqual([7, 1, 20]);
});

test("Statistics.progressed: a new task begins its own time and fraction", () => {
  const statistics = new Statistics(0);
  const task = { slot: 0, jobId: "j", jobName: "", owner: "", executableId: "", index: 1, sinceMs: 10, fraction: null };
  statistics.runs(task);
  statistics.progressed(0, 1, 0.5, 20);
  statistics.progressed(0, 1, null, 30);
  expect(statistics.running).toEqual([{ ...task, fraction: 0.5 }]);
  statistics.progressed(0, 2, null, 40);
  expect(statistics.running).toEqual([{ ...task, index: 2, sinceMs: 40 }]);
});
