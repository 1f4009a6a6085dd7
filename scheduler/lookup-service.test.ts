import { describe, expect, it } from "vitest";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

describe("LookupService", () => {
  it("registerServer: grants the lease asked for, from a second to for ever", () => {
    const scheduler = new Scheduler();
    expect(the("grant-lease", scheduler.handle(registered("a", { leaseMs: 1_000 }), 0)).leaseMs).toBe(1_000);
    expect(the("grant-lease", scheduler.handle(registered("b", { leaseMs: Infinity }), 0)).leaseMs).toBe(Infinity);
    expect(scheduler.computeServers(400).map(({ leaseLeftMs }) => leaseLeftMs)).toEqual([600, Infinity]);
  });

  it("registerServer: the grantor may shorten it", () => {
    const scheduler = new Scheduler({ maxLeaseMs: 5_000 });
    expect(the("grant-lease", scheduler.handle(registered("a", { leaseMs: Infinity }), 0)).leaseMs).toBe(5_000);
    expect(the("grant-load-balancer-lease", scheduler.handle(balancer("embedded", Infinity), 0)).leaseMs).toBe(Infinity);
  });

  it("expire: exactly at the end of the lease it is found no more, and what it held is assigned again (R4)", () => {
    const scheduler = gridOf("a");
    const held = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    scheduler.handle(registered("b", { leaseMs: 60_000 }), 100);
    expect(scheduler.nextWakeMs()).toBeLessThanOrEqual(10_000);
    expect(only("expire-server", scheduler.handle({ type: "tick" }, 9_999))).toEqual([]);
    const commands = scheduler.handle({ type: "tick" }, 10_000);
    expect(the("expire-server", commands).computeServerId).toBe(serverId("a"));
    const again = the("assign", commands);
    expect(again.computeServerId).toBe(serverId("b"));
    expect(again.ranges).toEqual(held.ranges);
  });

  it("renewServer: any frame renews: renewals, outcomes", () => {
    const scheduler = gridOf("a");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x") }, 0));
    scheduler.handle({ type: "server-renewed", computeServerId: serverId("a") }, 9_000);
    scheduler.handle(outcomesOf(batch), 18_000);
    expect(only("expire-server", scheduler.handle({ type: "tick" }, 27_999))).toEqual([]);
    expect(only("expire-server", scheduler.handle({ type: "tick" }, 28_000))).toHaveLength(1);
  });

  it("renewServer: a sign of life after the end comes too late", () => {
    const scheduler = gridOf("a");
    const commands = scheduler.handle({ type: "server-renewed", computeServerId: serverId("a") }, 10_000);
    expect(the("expire-server", commands).computeServerId).toBe(serverId("a"));
    expect(scheduler.computeServers(10_000)).toEqual([]);
  });

  it("removeServer: who leaves is found no more at once", () => {
    const scheduler = gridOf("a", "b");
    const held = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    const again = the("assign", scheduler.handle({ type: "server-unregistered", computeServerId: held.computeServerId }, 1));
    expect(again.computeServerId).not.toBe(held.computeServerId);
    expect(scheduler.computeServers(1)).toHaveLength(1);
  });

  it("expire: a Load Balancer whose lease is over gives its jobs and Compute Servers to another (R4)", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer("first", 5_000), 0);
    scheduler.handle(balancer("second"), 0);
    scheduler.handle(registered("a"), 0);
    const held = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
    const commands = scheduler.handle({ type: "tick" }, 5_000);
    expect(the("expire-load-balancer", commands).loadBalancerId).toBe("first");
    expect(the("revoke", commands).batchIds).toEqual([held.batchId]);
    expect(the("assign", commands).ranges).toEqual(held.ranges);
    expect(scheduler.loadBalancers(5_000).map(({ loadBalancerId, jobs, computeServers }) => [loadBalancerId, jobs, computeServers])).toEqual([["second", 1, 1]]);
  });

  it("renewLoadBalancer: a renewed one stays", () => {
    const scheduler = new Scheduler();
    const { loadBalancerId } = the("grant-load-balancer-lease", scheduler.handle(balancer("first", 5_000), 0));
    scheduler.handle({ type: "load-balancer-renewed", loadBalancerId }, 4_000);
    expect(only("expire-load-balancer", scheduler.handle({ type: "tick" }, 8_999))).toEqual([]);
    expect(only("expire-load-balancer", scheduler.handle({ type: "tick" }, 9_000))).toHaveLength(1);
  });
});
