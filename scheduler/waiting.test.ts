import { describe, expect, it } from "vitest";
import { balancer, gridOf, jobSpec, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

const { jobId } = jobSpec("x");

describe("waitingFor", () => {
  it("says which part of the grid is missing", () => {
    const scheduler = new Scheduler();
    const why = () => scheduler.job(jobId, 0)?.waitingFor;
    scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0);
    expect(why()).toContain("No Load Balancer");
    scheduler.handle(balancer(), 0);
    expect(why()).toContain("No Compute Server");
    scheduler.handle(registered("a", { slots: 0 }), 0);
    expect(why()).toContain("paused by its volunteer");
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 0);
    expect(why()).toContain("lost its link");
    scheduler.handle(registered("a"), 0);
    expect(why()).toBeNull();
    scheduler.handle({ type: "job-paused", jobId }, 0);
    expect(why()).toContain("paused: resume");
  });

  it("says that all slots are busy with other jobs", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("other", { tasks: 1 }) }, 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0);
    expect(scheduler.job(jobId, 0)?.waitingFor).toBe("The only slot is busy with other jobs.");
  });

  it("says that failed tasks wait for another Compute Server", () => {
    const scheduler = gridOf("a", "b");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1, priority: 1 }) }, 0));
    // These fill all the room that the other one has.
    for (const name of ["other", "third"]) scheduler.handle({ type: "job-submitted", job: jobSpec(name) }, 0);
    scheduler.handle(outcomesOf(batch, { failed: [0] }), 10);
    expect(scheduler.job(jobId, 10)?.waitingFor).toBe("One failed task waits for another Compute Server to try it.");
  });

  it("says that those who run it have lost their link", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("other") }, 0);
    scheduler.handle(registered("b"), 10);
    expect(scheduler.job(jobId, 10)?.waitingFor).toBeNull();
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 20);
    expect(scheduler.job(jobId, 20)?.waitingFor).toContain("lost their link");
  });
});
