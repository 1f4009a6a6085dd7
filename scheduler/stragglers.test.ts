import { describe, expect, it } from "vitest";
import { gridOf, jobSpec, only, outcomesOf, registered, released, serverId, the } from "./fake-events.ts";

describe("planHelp", () => {
  it("what a busy Compute Server has not begun is asked back for an idle one, not run twice", () => {
    const scheduler = gridOf("a");
    const probe = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 3 }) }, 0));
    const [running, queued] = only("assign", scheduler.handle(outcomesOf(probe, { busyMs: 5_000 }), 5_000));
    if (running === undefined || queued === undefined) throw new Error("Cannot go on: there should be two batches");
    const joined = scheduler.handle(registered("b"), 5_010);
    expect(the("revoke", joined)).toMatchObject({ computeServerId: serverId("a"), batchIds: [queued.batchId], unstartedOnly: true });
    expect(only("assign", joined)).toEqual([]);
    const moved = the("assign", scheduler.handle(released(queued, queued.ranges), 5_020));
    expect(moved).toMatchObject({ computeServerId: serverId("b"), ranges: queued.ranges });
  });

  it("a task of a Compute Server that lost its link is copied at once; the first answer counts (R5)", () => {
    const scheduler = gridOf("a");
    const original = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 100);
    const copy = the("assign", scheduler.handle(registered("b"), 200));
    expect(copy).toMatchObject({ computeServerId: serverId("b"), ranges: original.ranges });
    expect(only("revoke", scheduler.handle(registered("a", { holding: [original.batchId] }), 300))).toEqual([]);
    const commands = scheduler.handle(outcomesOf(original), 400);
    expect(the("accept", commands).ranges).toEqual([[0, 1]]);
    expect(the("revoke", commands)).toMatchObject({ computeServerId: serverId("b"), batchIds: [copy.batchId], unstartedOnly: false });
    expect(only("accept", scheduler.handle(outcomesOf(copy), 500))).toEqual([]);
    expect(scheduler.computeServers(500).map(({ statistics }) => statistics.tasksCompleted)).toEqual([1, 0]);
  });

  it("the lease's end of one of two that run a task does not make it run a third time", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0);
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 100);
    const copy = the("assign", scheduler.handle(registered("b", { leaseMs: Infinity }), 200));
    const expired = scheduler.handle({ type: "tick" }, 10_000);
    expect(expired.map(({ type }) => type)).toEqual(["expire-server"]);
    expect(scheduler.job(copy.jobId, 10_000)).toMatchObject({ pending: 0, running: 1 });
    expect(the("set-job-state", scheduler.handle(outcomesOf(copy), 10_100)).state).toBe("completed");
  });

  it("a task that is far later than the others is copied, and not before", () => {
    const scheduler = gridOf("a", "b");
    const [first, second] = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 2 }) }, 0));
    if (first === undefined || second === undefined) throw new Error("Cannot go on: there should be two batches");
    scheduler.handle(outcomesOf(first, { busyMs: 1_000 }), 1_000);
    expect(only("assign", scheduler.handle({ type: "tick" }, 1_400))).toEqual([]);
    const wakeMs = scheduler.nextWakeMs() ?? Infinity;
    expect(the("assign", scheduler.handle({ type: "tick" }, wakeMs))).toMatchObject({ computeServerId: first.computeServerId, ranges: second.ranges });
    expect(wakeMs).toBeGreaterThanOrEqual(1_500);
    expect(wakeMs).toBeLessThanOrEqual(3_000);
  });
});
