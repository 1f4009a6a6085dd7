import { describe, expect, it } from "vitest";
import { batchIdSchema } from "../protocol/ids.ts";
import { gridOf, jobSpec, only, outcomesOf, registered, released, serverId, the } from "./fake-events.ts";

describe("takeOutcomes", () => {
  it("accepts each task once, whatever is reported again (R2, R5)", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0));
    expect(the("accept", scheduler.handle(outcomesOf(batch), 10)).ranges).toEqual(batch.ranges);
    expect(only("accept", scheduler.handle(outcomesOf(batch), 20))).toEqual([]);
    expect(scheduler.computeServers(20)[0]?.statistics).toMatchObject({ tasksCompleted: 1, totalTimeMs: 1, lastCompletionAtMs: 10 });
  });

  it("ignores indexes that the job does not have, and jobs that it does not know", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 2 }) }, 0));
    const commands = scheduler.handle(outcomesOf(batch, { done: [[1, 9]] }), 10);
    expect(the("accept", commands).ranges).toEqual([[1, 2]]);
    expect(scheduler.handle({ ...batch, type: "outcomes", jobId: jobSpec("none").jobId, done: [[0, 1]], failures: [], busyMs: 1 }, 20)).toEqual([]);
    expect(scheduler.handle(outcomesOf(batch, { failed: [5] }), 30)).toEqual([]);
  });

  it("accepts the work of a Compute Server whose lease is over, and takes it from who runs it now (R5)", () => {
    const scheduler = gridOf("a");
    const late = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    scheduler.handle(registered("b", { leaseMs: 60_000 }), 5_000);
    const again = the("assign", scheduler.handle({ type: "tick" }, 10_000));
    const commands = scheduler.handle(outcomesOf(late), 10_100);
    expect(commands.map(({ type }) => type)).toEqual(["accept", "revoke", "set-job-state"]);
    expect(the("revoke", commands)).toMatchObject({ computeServerId: serverId("b"), batchIds: [again.batchId], unstartedOnly: false });
    expect(only("accept", scheduler.handle(outcomesOf(again), 10_200))).toEqual([]);
  });

  it("accepts what came before the hub was restarted, out of what waits (R5)", () => {
    const scheduler = gridOf("a");
    const job = jobSpec("x", { tasks: 4 });
    scheduler.handle({ type: "job-restored", job: { ...job, state: "running", done: [[0, 1]], failed: [3] } }, 0);
    const commands = scheduler.handle({
      type: "outcomes", computeServerId: serverId("a"), batchId: batchIdSchema.parse(5), jobId: job.jobId, done: [[0, 4]], failures: [], busyMs: 1,
    }, 10);
    expect(the("accept", commands).ranges).toEqual([[1, 3]]);
    expect(the("set-job-state", commands).state).toBe("failed");
  });

  it("records a failure with its last message and stack after maxAttempts, on different Compute Servers (R2)", () => {
    const scheduler = gridOf("a", "b", "c");
    let batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    const ranOn = [batch.computeServerId];
    for (let attempt = 1; attempt < 3; attempt++) {
      batch = the("assign", scheduler.handle(outcomesOf(batch, { failed: [0] }), 100 * attempt));
      ranOn.push(batch.computeServerId);
    }
    expect(new Set(ranOn).size).toBe(3);
    const commands = scheduler.handle(outcomesOf(batch, { failed: [0] }), 1_000);
    expect(the("record-failure", commands)).toMatchObject({ index: 0, message: "failed 0", stack: "stack", attempts: 3 });
    expect(the("set-job-state", commands)).toMatchObject({ state: "failed" });
    expect(scheduler.job(jobSpec("x").jobId, 1_000)).toBeUndefined();
  });

  it("tries again on the only Compute Server that there is", () => {
    const scheduler = gridOf("a");
    const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    const second = the("assign", scheduler.handle(outcomesOf(first, { failed: [0] }), 10));
    expect(the("set-job-state", scheduler.handle(outcomesOf(second), 20)).state).toBe("completed");
  });

  it("blames a task that killed its slot three times, however many attempts it has", () => {
    const scheduler = gridOf("a");
    let batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1, maxAttempts: 50 }) }, 0));
    batch = the("assign", scheduler.handle(outcomesOf(batch, { failed: [0], kind: "slot-died" }), 10));
    batch = the("assign", scheduler.handle(outcomesOf(batch, { failed: [0], kind: "timeout" }), 20));
    expect(the("record-failure", scheduler.handle(outcomesOf(batch, { failed: [0], kind: "slot-died" }), 30)).attempts).toBe(3);
  });

  it("believes no more slot time than its clock allows", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0));
    scheduler.handle(outcomesOf(batch, { busyMs: 1e12 }), 50);
    expect(scheduler.computeServers(50)[0]?.statistics.totalTimeMs).toBe(150);
  });

  it("goes on with the rest of a batch of which some was released", () => {
    const scheduler = gridOf("a");
    let batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 100 }) }, 0));
    [batch = batch] = only("assign", scheduler.handle(outcomesOf(batch), 10));
    expect(batch.ranges).toEqual([[1, 5]]);
    const before = scheduler.job(jobSpec("x").jobId, 10);
    scheduler.handle(released(batch, [[3, 5], [50, 60]]), 20);
    expect(scheduler.job(jobSpec("x").jobId, 20)?.pending).toBe((before?.pending ?? 0) + 2);
    expect(the("accept", scheduler.handle(outcomesOf(batch, { done: [[1, 3]] }), 30)).ranges).toEqual([[1, 3]]);
  });
});
