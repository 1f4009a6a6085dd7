import { describe, expect, it } from "vitest";
import { loadBalancerIdSchema } from "../protocol/ids.ts";
import { balancer, jobSpec, only, outcomesOf, registered } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

describe("ExecutionManager", () => {
  it("connect: a job without a Load Balancer waits as queued, and one is asked for once until one registers", () => {
    const scheduler = new Scheduler();
    scheduler.handle(registered("a"), 0);
    expect(only("start-load-balancer", scheduler.handle({ type: "tick" }, 0))).toEqual([]);
    const commands = scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 1);
    expect(commands).toEqual([{ type: "start-load-balancer" }]);
    expect(scheduler.handle({ type: "job-submitted", job: jobSpec("y") }, 2)).toEqual([]);
    expect(scheduler.job(jobSpec("x").jobId, 2)?.waitingFor).toContain("No Load Balancer");

    const started = scheduler.handle(balancer(), 3);
    expect(only("set-job-state", started).map(({ state, atMs }) => [state, atMs])).toEqual([["running", 3], ["running", 3]]);
    const stopped = scheduler.handle({ type: "load-balancer-unregistered", loadBalancerId: loadBalancerIdSchema.parse("embedded") }, 4);
    expect(only("start-load-balancer", stopped)).toHaveLength(1);
  });

  it("connect: the first Load Balancer found gets the jobs, another policy spreads them", () => {
    const jobsOf = (choice: "first-found" | "fewest-jobs") => {
      const scheduler = new Scheduler({ loadBalancerChoice: choice });
      scheduler.handle(balancer("first"), 0);
      scheduler.handle(balancer("second"), 0);
      for (const name of ["w", "x", "y", "z"]) scheduler.handle({ type: "job-submitted", job: jobSpec(name) }, 0);
      return scheduler.loadBalancers(0).map(({ jobs }) => jobs);
    };
    expect(jobsOf("first-found")).toEqual([4, 0]);
    expect(jobsOf("fewest-jobs")).toEqual([2, 2]);
  });

  it("connect: Compute Servers go where they are needed, also when jobs come later", () => {
    const scheduler = new Scheduler({ loadBalancerChoice: "fewest-jobs" });
    scheduler.handle(balancer("first"), 0);
    scheduler.handle(balancer("second"), 0);
    for (const name of ["a", "b"]) scheduler.handle(registered(name), 0);
    const assigned = ["x", "y"].flatMap((name) => only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec(name, { tasks: 1 }) }, 0)));
    expect(new Set(assigned.map(({ jobId }) => jobId)).size).toBe(2);
    expect(scheduler.loadBalancers(0).map(({ computeServers }) => computeServers)).toEqual([1, 1]);
  });

  it("connect: the only Compute Server goes on to the other Load Balancer's job when its own has ended", () => {
    const scheduler = new Scheduler({ loadBalancerChoice: "fewest-jobs" });
    scheduler.handle(balancer("first"), 0);
    scheduler.handle(balancer("second"), 0);
    scheduler.handle(registered("a"), 0);
    const assigned = ["x", "y"].flatMap((name) => only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec(name, { tasks: 1 }) }, 0)));
    const [first, ...rest] = assigned;
    if (first === undefined) throw new Error("Cannot go on: the first job should run");
    expect(rest).toEqual([]);
    const ended = scheduler.handle(outcomesOf(first), 10);
    expect(only("assign", ended).map(({ jobId }) => jobId)).toEqual([jobSpec("y").jobId]);
  });
});
