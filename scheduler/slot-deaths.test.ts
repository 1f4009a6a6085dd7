import { expect, test } from "vitest";
import { the, only, gridOf, jobSpec, outcomesOf } from "./fake-events.ts";
import type { Scheduler } from "./scheduler.ts";
import type { FailureKind } from "../protocol/up/outcomes.ts";

/** Fails the tasks of so many batches; the very first task is done where that is asked for. Answers how the job stands. */
function failBatches(scheduler: Scheduler, kind: FailureKind, batches: number, firstIsDone = false) {
  const assigned = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("a", { tasks: 1_000, maxAttempts: 1 }) }, 0));
  for (let at = 1; at <= batches; at++) {
    const assign = assigned.shift();
    if (assign === undefined) break;
    const indexes = assign.ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
    const [first = 0, ...others] = indexes;
    const told = firstIsDone && at === 1 ? { done: [[first, first + 1] as const], failed: others, kind } : { failed: indexes, kind };
    assigned.push(...only("assign", scheduler.handle(outcomesOf(assign, told), at * 1_000)));
  }
  return scheduler.job(jobSpec("a").jobId, 100_000);
}

test("SlotDeaths: a job that ends slot after slot of two volunteers and answers nothing is stopped, and says why", () => {
  const job = failBatches(gridOf("one", "two"), "timeout", 20);
  expect(job).toMatchObject({ waitingFor: expect.stringMatching(/^It was stopped: its tasks ended \d+ slots of 2 volunteers, and none was answered/) });
});

test("SlotDeaths: errors are no deaths, one volunteer is no proof, and a job with an answer goes on", () => {
  expect(failBatches(gridOf("one", "two"), "error", 20)?.waitingFor ?? "").not.toContain("stopped");
  expect(failBatches(gridOf("one"), "slot-died", 20)?.waitingFor ?? "").not.toContain("stopped");
  expect(failBatches(gridOf("one", "two"), "slot-died", 20, true)?.waitingFor ?? "").not.toContain("stopped");
});

test("SlotDeaths: a stopped job that is resumed begins to count anew", () => {
  const scheduler = gridOf("one", "two");
  failBatches(scheduler, "timeout", 20);
  const { jobId } = jobSpec("a");
  expect(the("set-job-state", scheduler.handle({ type: "job-resumed", jobId }, 200_000))).toMatchObject({ state: "running" });
  expect(scheduler.job(jobId, 200_001)?.waitingFor ?? "").not.toContain("stopped");
});
