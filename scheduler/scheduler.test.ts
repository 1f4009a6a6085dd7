import { describe, expect, it } from "vitest";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, released, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

const x = jobSpec("x");

describe("Scheduler", () => {
  it("handle: a job runs from its first batch to its last outcome, and is dropped", () => {
    const scheduler = gridOf("a");
    const submitted = scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 5);
    expect(submitted.map(({ type }) => type)).toEqual(["assign", "set-job-state"]);
    expect(scheduler.job(x.jobId, 5)).toMatchObject({ pending: 0, running: 1, done: 0, failed: 0, startedAtMs: 5, waitingFor: null });
    const ended = scheduler.handle(outcomesOf(the("assign", submitted)), 1_005);
    expect(ended.map((command) => (command.type === "set-job-state" ? command.state : command.type))).toEqual(["accept", "completed"]);
    expect(scheduler.job(x.jobId, 1_005)).toBeUndefined();
    expect(scheduler.totals(1_005)).toMatchObject({ computeServers: 1, slots: 1, jobs: 0, runningJobs: 0, tasksDone: 1, tasksFailed: 0 });
  });

  it("handle: a job that is submitted twice runs once", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: x }, 0);
    expect(scheduler.handle({ type: "job-submitted", job: x }, 1)).toEqual([]);
    expect(scheduler.totals(1).jobs).toBe(1);
  });

  it("job-cancelled: running batches are revoked whole, and later outcomes do not count", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: x }, 0));
    const commands = scheduler.handle({ type: "job-cancelled", jobId: x.jobId }, 10);
    expect(the("revoke", commands)).toMatchObject({ batchIds: [batch.batchId], unstartedOnly: false });
    expect(the("set-job-state", commands).state).toBe("cancelled");
    expect(scheduler.handle(outcomesOf(batch), 20)).toEqual([]);
    expect(scheduler.computeServers(20)[0]).toMatchObject({ runningTasks: 0, queuedTasks: 0, jobId: null });
  });

  it("job-paused, job-resumed: what runs goes on, what has not begun comes back, nothing is assigned meanwhile", () => {
    const scheduler = gridOf("a");
    const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 100 }) }, 0));
    const [running, queued] = only("assign", scheduler.handle(outcomesOf(first, { busyMs: 250 }), 250));
    if (running === undefined || queued === undefined) throw new Error("Cannot go on: there should be two batches");
    const paused = scheduler.handle({ type: "job-paused", jobId: x.jobId }, 300);
    expect(the("set-job-state", paused).state).toBe("paused");
    expect(the("revoke", paused)).toMatchObject({ batchIds: [running.batchId, queued.batchId], unstartedOnly: true });
    expect(scheduler.handle(released(queued, queued.ranges), 310)).toEqual([]);
    expect(scheduler.job(x.jobId, 310)).toMatchObject({ etaMs: null, waitingFor: expect.stringContaining("paused") });
    expect(the("accept", scheduler.handle(outcomesOf(running), 400)).ranges).toEqual(running.ranges);
    const resumed = scheduler.handle({ type: "job-resumed", jobId: x.jobId }, 500);
    expect(the("set-job-state", resumed).state).toBe("running");
    expect(only("assign", resumed)[0]?.ranges[0]?.[0]).toBe(queued.ranges[0]?.[0]);
  });

  it("job-resumed: a job that never ran is queued again", () => {
    const scheduler = gridOf();
    scheduler.handle({ type: "job-submitted", job: x }, 0);
    scheduler.handle({ type: "job-paused", jobId: x.jobId }, 1);
    expect(the("set-job-state", scheduler.handle({ type: "job-resumed", jobId: x.jobId }, 2)).state).toBe("queued");
  });

  it("job-retried: the failed tasks of an active job run again, with all their attempts", () => {
    const scheduler = gridOf("a");
    const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 3, maxAttempts: 1 }) }, 0));
    scheduler.handle(outcomesOf(first, { failed: [0] }), 10);
    expect(scheduler.job(x.jobId, 10)?.failed).toBe(1);
    expect(only("forget-failures", scheduler.handle({ type: "job-retried", jobId: x.jobId }, 20))).toHaveLength(1);
    expect(scheduler.job(x.jobId, 20)?.failed).toBe(0);
    expect(scheduler.handle({ type: "job-retried", jobId: x.jobId }, 30)).toEqual([]);
  });

  it("job-retried: a job that had ended failed is taken up again, its failed tasks wait", () => {
    const scheduler = gridOf("a");
    const restored = { ...jobSpec("x", { tasks: 3 }), state: "running", done: [[0, 2]], failed: [2] } as const;
    expect(scheduler.handle({ type: "job-retried", jobId: x.jobId }, 0)).toEqual([]);
    const commands = scheduler.handle({ type: "job-retried", jobId: x.jobId, ended: restored }, 5);
    expect(commands[0]?.type).toBe("forget-failures");
    expect(only("set-job-state", commands).map(({ state }) => state)).toEqual(["queued", "running"]);
    expect(the("assign", commands).ranges).toEqual([[2, 3]]);
    expect(the("set-job-state", scheduler.handle(outcomesOf(the("assign", commands)), 10)).state).toBe("completed");
  });

  it("job-restored: a job of which all had ended when the hub stopped ends now", () => {
    const scheduler = gridOf();
    const completed = { ...x, state: "running", done: [[0, 10]], failed: [] } as const;
    expect(the("set-job-state", scheduler.handle({ type: "job-restored", job: completed }, 0)).state).toBe("completed");
    const failed = { ...jobSpec("y"), state: "running", done: [[1, 10]], failed: [0] } as const;
    expect(the("set-job-state", scheduler.handle({ type: "job-restored", job: failed }, 0)).state).toBe("failed");
  });

  it("job-restored: goes on where it was, as what it was (R2)", () => {
    const scheduler = gridOf("a");
    const commands = scheduler.handle({ type: "job-restored", job: { ...x, state: "running", done: [[0, 3], [4, 9]], failed: [9] } }, 0);
    expect(commands.map(({ type }) => type)).toEqual(["assign"]);
    expect(the("assign", commands).ranges).toEqual([[3, 4]]);
    scheduler.handle({ type: "job-restored", job: { ...jobSpec("y"), state: "paused", done: [], failed: [] } }, 0);
    expect(scheduler.job(jobSpec("y").jobId, 0)?.waitingFor).toContain("paused");
  });

  it("drain: nothing is assigned any more, outcomes are still taken", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: x }, 0));
    expect(scheduler.handle({ type: "drain" }, 1)).toEqual([]);
    expect(scheduler.handle(outcomesOf(batch), 2).map(({ type }) => type)).toEqual(["accept"]);
    expect(only("assign", scheduler.handle(registered("b"), 3))).toEqual([]);
    expect(scheduler.job(x.jobId, 3)?.waitingFor).toContain("stopping");
  });

  it("handle: time that runs back stands still", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "tick" }, 9_000);
    scheduler.handle({ type: "server-renewed", computeServerId: serverId("a") }, 1_000);
    expect(only("expire-server", scheduler.handle({ type: "tick" }, 18_999))).toEqual([]);
  });

  it("nextWakeMs: null while nothing will happen by itself", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    expect(scheduler.nextWakeMs()).toBeNull();
    scheduler.handle(registered("a", { leaseMs: 700 }), 100);
    expect(scheduler.nextWakeMs()).toBe(800);
  });

  it("job: tells rate and time left", () => {
    const scheduler = gridOf("a");
    let batches = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1_000 }) }, 0));
    for (let nowMs = 100; nowMs <= 5_000; nowMs += 100) {
      const [batch, ...rest] = batches;
      if (batch === undefined) break;
      const [from] = batch.ranges[0] ?? [0];
      const one = outcomesOf(batch, { done: [[from, from + 1]], busyMs: 100 });
      scheduler.handle({ type: "server-renewed", computeServerId: batch.computeServerId }, nowMs);
      batches = [...rest, ...only("assign", scheduler.handle(one, nowMs))];
    }
    const job = scheduler.job(x.jobId, 5_000);
    expect(job?.ratePerSecond).toBeGreaterThan(0);
    // One slot, a tenth of a second each.
    expect((job?.etaMs ?? 0) / (100 * ((job?.pending ?? 0) + (job?.running ?? 0)))).toBeCloseTo(1, 1);
  });
});
