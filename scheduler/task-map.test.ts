import { describe, expect, it } from "vitest";
import { gridOf, jobSpec, outcomesOf, the } from "./fake-events.ts";

describe("taskMap", () => {
  it("counts every task once, over equal stretches", () => {
    const scheduler = gridOf("a");
    const job = jobSpec("x", { tasks: 10 });
    scheduler.handle({ type: "job-restored", job: { ...job, state: "running", done: [[0, 3]], failed: [9] } }, 0);
    expect(scheduler.taskMap(job.jobId, 2)).toEqual([
      { from: 0, to: 5, done: 3, failed: 0, running: 1 },
      { from: 5, to: 10, done: 0, failed: 1, running: 0 },
    ]);
  });

  it("shows a failed task that waits again as neither failed nor running", () => {
    const scheduler = gridOf("a", "b");
    const job = jobSpec("x", { tasks: 1 });
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job }, 0));
    scheduler.handle({ type: "drain" }, 1);
    scheduler.handle(outcomesOf(batch, { failed: [0] }), 2);
    expect(scheduler.taskMap(job.jobId, 1)).toEqual([{ from: 0, to: 1, done: 0, failed: 0, running: 0 }]);
  });

  it("has no more stretches than tasks, and covers ten million", () => {
    const scheduler = gridOf();
    scheduler.handle({ type: "job-submitted", job: jobSpec("small", { tasks: 3 }) }, 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("large", { tasks: 10_000_000 }) }, 0);
    expect(scheduler.taskMap(jobSpec("small").jobId, 100)).toHaveLength(3);
    const map = scheduler.taskMap(jobSpec("large").jobId, 700) ?? [];
    expect([map.length, map[0]?.from, map.at(-1)?.to]).toEqual([700, 0, 10_000_000]);
    expect(scheduler.taskMap(jobSpec("none").jobId, 5)).toBeUndefined();
  });
});
