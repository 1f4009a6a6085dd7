import { describe, expect, it } from "vitest";
import { countIndexes } from "../protocol/index-range.ts";
import { LIMITS } from "../protocol/limits.ts";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, released, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

describe("LoadBalancer", () => {
  it("decide: a Compute Server is probed with one task a slot, then gets batches worth the target time, one of them ahead", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle(registered("a", { slots: 2 }), 0);
    const probes = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 100_000 }) }, 0));
    expect(probes.map(({ ranges }) => ranges)).toEqual([[[0, 1]], [[1, 2]]]);
    let nowMs = 0;
    let running = probes;
    for (let round = 0; round < 20; round++) {
      const [batch, ...rest] = running;
      if (batch === undefined) break;
      const busyMs = 10 * countIndexes(batch.ranges);
      nowMs += busyMs;
      running = [...rest, ...only("assign", scheduler.handle(outcomesOf(batch, { busyMs }), nowMs))];
    }
    expect(running).toHaveLength(4);
    expect(running.map(({ ranges }) => countIndexes(ranges))).toEqual([100, 100, 100, 100]);
  });

  it("decide: a slow task comes one at a time, with one ahead", () => {
    const scheduler = gridOf("a");
    const probe = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 100 }) }, 0));
    const next = only("assign", scheduler.handle(outcomesOf(probe, { busyMs: 9_000 }), 9_000));
    expect(next.map(({ ranges }) => countIndexes(ranges))).toEqual([1, 1]);
  });

  it("decide: batches grow where the tab's clock is too coarse to measure a task", () => {
    const scheduler = gridOf("a");
    let running = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1_000_000 }) }, 0));
    let largest = 0;
    for (let nowMs = 2; nowMs < 80; nowMs += 2) {
      const [batch, ...rest] = running;
      if (batch === undefined) break;
      largest = Math.max(largest, countIndexes(batch.ranges));
      running = [...rest, ...only("assign", scheduler.handle(outcomesOf(batch, { busyMs: 0 }), nowMs))];
    }
    expect(largest).toBe(LIMITS.batchTasks);
  });

  it("decide: free slots are filled over all Compute Servers before anything is queued", () => {
    const scheduler = gridOf("a", "b", "c", "d");
    const assigned = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 4 }) }, 0));
    expect(new Set(assigned.map(({ computeServerId }) => computeServerId)).size).toBe(4);
  });

  it("decide: nothing goes to a Compute Server without slots, and what it has not begun is asked back when it pauses", () => {
    const scheduler = gridOf();
    scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0);
    expect(only("assign", scheduler.handle(registered("a", { slots: 0 }), 0))).toEqual([]);
    const batch = the("assign", scheduler.handle({ type: "server-renewed", computeServerId: serverId("a"), slots: 1 }, 10));
    const paused = scheduler.handle({ type: "server-renewed", computeServerId: serverId("a"), slots: 0 }, 20);
    expect(the("revoke", paused)).toMatchObject({ batchIds: [batch.batchId], unstartedOnly: true });
    expect(only("assign", scheduler.handle(released(batch, batch.ranges), 30))).toEqual([]);
  });

  it("decide: the largest Compute Server holds no more batches than it can name when it comes back", () => {
    const scheduler = gridOf();
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1_000_000 }) }, 0);
    const probes = only("assign", scheduler.handle(registered("a", { slots: LIMITS.slots }), 0));
    expect(probes.reduce((tasks, { ranges }) => tasks + countIndexes(ranges), 0)).toBe(LIMITS.slots);
    for (const probe of probes) scheduler.handle(outcomesOf(probe), 5);
    const running = scheduler.computeServers(5)[0];
    expect((running?.runningTasks ?? 0) + (running?.queuedTasks ?? 0)).toBeGreaterThan(LIMITS.slots);
    expect(probes.length).toBeLessThanOrEqual(LIMITS.reportsPerMessage / 2);
  });

  it("decide: a batch never holds more ranges than a message carries", () => {
    const scheduler = gridOf();
    const done = Array.from({ length: 10_000 }, (_, i) => [2 * i, 2 * i + 1] as const);
    scheduler.handle({ type: "job-restored", job: { ...jobSpec("x", { tasks: 20_000 }), state: "running", done, failed: [] } }, 0);
    let running = only("assign", scheduler.handle(registered("a"), 0));
    let mostRanges = 0;
    for (let nowMs = 1; running.length > 0; nowMs++) {
      const [batch, ...rest] = running;
      if (batch === undefined) break;
      mostRanges = Math.max(mostRanges, batch.ranges.length);
      running = [...rest, ...only("assign", scheduler.handle(outcomesOf(batch, { busyMs: 0.001 }), nowMs))];
    }
    expect(scheduler.job(jobSpec("x").jobId, 1)).toBeUndefined();
    expect(mostRanges).toBeGreaterThan(1_000);
    expect(mostRanges).toBeLessThanOrEqual(LIMITS.rangesPerMessage);
  });
});
