import { describe, expect, it } from "vitest";
import { PLACEMENT_NAMES } from "../scheduler/placement/policies.ts";
import { World } from "./world.ts";

describe("placement policies", () => {
  it("jobs of every policy side by side get all their tasks done, and no slot idles (R2, R6)", () => {
    const world = new World(1);
    world.startLoadBalancer();
    for (let i = 0; i < 12; i++) world.join({ slots: 1 + (i % 3), speed: 1 + (i % 4), leaseMs: Infinity, lieShare: 0, link: { latencyMs: 5 } });
    world.run(100);
    const jobs = PLACEMENT_NAMES.map((policy, i) => world.submit({ policy, owner: `owner-${i % 3}`, tasks: 400, lengthMs: () => 20 + 90 * i }));
    world.observer = { ...world.observer, commanded: () => {
      const waits = jobs.some(({ spec }) => (world.scheduler.job(spec.jobId, world.nowMs)?.pending ?? 0) > 0);
      const idle = world.scheduler.computeServers(world.nowMs).some(({ slots, runningTasks }) => runningTasks < slots);
      expect(waits && idle, "R6: a slot is idle while a task waits").toBe(false);
    } };
    world.run(1_000_000, () => jobs.every(({ hasEnded }) => hasEnded));
    for (const { accepted } of jobs) expect(accepted.count).toBe(400);
  });
});
