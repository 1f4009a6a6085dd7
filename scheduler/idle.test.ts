import { describe, expect, it } from "vitest";
import { balancer, gridOf, jobSpec, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

function reasonOf(scheduler: Scheduler, name: string, nowMs = 0): string | null | undefined {
  const one = scheduler.computeServer(serverId(name), nowMs)?.waitingFor;
  expect(scheduler.computeServers(nowMs).find(({ computeServerId }) => computeServerId === serverId(name))?.waitingFor).toBe(one);
  return one;
}

describe("idleReasons", () => {
  it("says what is the matter with the Compute Server itself", () => {
    const scheduler = gridOf("a");
    scheduler.handle(registered("a", { slots: 0 }), 0);
    expect(reasonOf(scheduler, "a")).toContain("paused by its volunteer");
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 0);
    expect(reasonOf(scheduler, "a")).toContain("lost its link");
    expect(scheduler.computeServer(serverId("nobody"), 0)).toBeUndefined();
  });

  it("says what is the matter with the grid", () => {
    const scheduler = new Scheduler();
    scheduler.handle(registered("a"), 0);
    expect(reasonOf(scheduler, "a")).toContain("No Load Balancer");
    scheduler.handle(balancer(), 0);
    expect(reasonOf(scheduler, "a")).toContain("There are no jobs");
    scheduler.handle({ type: "drain" }, 0);
    expect(reasonOf(scheduler, "a")).toContain("The hub is stopping");
  });

  it("says how it stands with the jobs; nothing while all slots have work", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0);
    expect(reasonOf(scheduler, "a")).toBeNull();
    scheduler.handle(registered("b"), 0);
    expect(reasonOf(scheduler, "b")).toBe("No task waits: the last ones of 1 job run already.");
    scheduler.handle({ type: "job-paused", jobId: jobSpec("x").jobId }, 0);
    expect(reasonOf(scheduler, "b")).toBe("The only job is paused.");
    scheduler.handle({ type: "job-submitted", job: jobSpec("y") }, 0);
    scheduler.handle({ type: "job-paused", jobId: jobSpec("y").jobId }, 0);
    scheduler.handle(registered("c"), 0);
    expect(reasonOf(scheduler, "c")).toBe("All 2 jobs are paused.");
  });

  it("says what it lacks for the jobs that wait", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { requires: { capabilities: ["wasm-gc", "wasm-simd"] } }) }, 0);
    expect(reasonOf(scheduler, "a")).toBe("The job that waits requires what it does not offer: it lacks wasm-gc and wasm-simd.");
    scheduler.handle({ type: "job-submitted", job: jobSpec("y", { requires: { engine: "firefox" } }) }, 0);
    expect(reasonOf(scheduler, "a")).toBe("The 2 jobs that wait require what it does not offer: for the nearest of them it lacks firefox (it is fake-1).");
  });

  it("says that what waits has failed here", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    // The other one has no room, so that the failed task waits for it.
    for (const name of ["other", "third"]) scheduler.handle({ type: "job-submitted", job: jobSpec(name, { tasks: 1, requires: { engine: "webkit" } }) }, 0);
    scheduler.handle(registered("b", { engine: "webkit-26" }), 0);
    expect(reasonOf(scheduler, "b")).toBeNull();
    scheduler.handle(outcomesOf(batch, { failed: [0] }), 10);
    expect(reasonOf(scheduler, "a", 10)).toBe("1 task that failed here waits for another Compute Server.");
  });
});
