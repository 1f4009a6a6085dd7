import { describe, expect, it } from "vitest";
import { balancer, jobSpec, only, outcomesOf, registered, serverId } from "./fake-events.ts";
import type { PlacementName } from "./placement/policies.ts";
import { Scheduler } from "./scheduler.ts";

/** A grid whose Compute Servers a, b and c, of one slot each, have done tasks of 300, 100 and 200 ms, in this order of time. */
function usedGrid(placement: PlacementName): Scheduler {
  const scheduler = new Scheduler({ placement });
  scheduler.handle(balancer(), 0);
  for (const [name, busyMs] of [["a", 300], ["b", 100], ["c", 200]] as const) {
    scheduler.handle(registered(name, { leaseMs: 1_000_000 }), 0);
    const [batch] = only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec(`warm-${name}`, { tasks: 1 }) }, 0));
    if (batch === undefined) throw new Error("Cannot go on: nothing was assigned");
    scheduler.handle(outcomesOf(batch, { busyMs }), 1_000);
    // Kept from what the next one is warmed by.
    scheduler.handle({ type: "server-renewed", computeServerId: serverId(name), slots: 0 }, 1_000);
  }
  for (const name of ["a", "b", "c"]) scheduler.handle({ type: "server-renewed", computeServerId: serverId(name), slots: 1 }, 1_000);
  return scheduler;
}

/** The Compute Servers in the order in which a job of three tasks was given to them. */
function placed(scheduler: Scheduler, name: string, policy?: PlacementName): string[] {
  const commands = scheduler.handle({ type: "job-submitted", job: jobSpec(name, { tasks: 3, policy }) }, 2_000);
  return only("assign", commands).map(({ computeServerId }) => computeServerId);
}

const [a, b, c] = ["a", "b", "c"].map(serverId);

describe("handOut", () => {
  it("a job that names no policy is placed by the scheduler's own", () => {
    expect(placed(usedGrid("least-total-time"), "x")).toEqual([b, c, a]);
    expect(placed(usedGrid("round-robin"), "x")).toEqual([a, b, c]);
  });

  it("a job's own policy comes before the scheduler's", () => {
    expect(placed(usedGrid("round-robin"), "x", "least-total-time")).toEqual([b, c, a]);
    expect(placed(usedGrid("least-total-time"), "x", "round-robin")).toEqual([a, b, c]);
  });

  it("fair share names the job, then its own policy the Compute Server: what one job filled is not offered to the other", () => {
    const scheduler = new Scheduler();
    for (const name of ["a", "b", "c", "d"]) scheduler.handle(registered(name), 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("turn", { owner: "ada", policy: "round-robin" }) }, 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("least", { owner: "bob", policy: "least-total-time" }) }, 0);
    const assigned = only("assign", scheduler.handle(balancer(), 0));
    const [runFirst, queued] = [assigned.slice(0, 4), assigned.slice(4)];
    expect(runFirst.map(({ jobId, computeServerId }) => [jobId, computeServerId])).toEqual([
      [jobSpec("turn").jobId, a], [jobSpec("least").jobId, b], [jobSpec("turn").jobId, c], [jobSpec("least").jobId, serverId("d")],
    ]);
    // Each is probed where it does not run yet.
    expect(queued.map(({ computeServerId }) => computeServerId).toSorted()).toEqual(["a", "b", "c", "d"].map(serverId));
    for (const { jobId, computeServerId } of queued) expect(runFirst.find((first) => first.computeServerId === computeServerId)?.jobId).not.toBe(jobId);
  });
});
