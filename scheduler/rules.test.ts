import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countIndexes } from "../protocol/index-range.ts";
import { loadBalancerIdSchema } from "../protocol/ids.ts";
import type { Command } from "./command.ts";
import type { SchedulerEvent } from "./event.ts";
import { FakeWorld, type FakeJob } from "./fake-world.ts";
import { IndexSet } from "./index-set.ts";
import { PLACEMENT_NAMES } from "./placement/policies.ts";

const ENDED = new Set(["completed", "failed", "cancelled"]);

/** What may happen to a grid. Numbers pick a Compute Server or a job by their remainder. */
const actionArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("join" as const), slots: fc.integer({ min: 0, max: 4 }), speed: fc.constantFrom(0.5, 1, 3), leaseMs: fc.constantFrom(1_000, 10_000, Infinity) }) },
  { weight: 4, arbitrary: fc.record({
    do: fc.constant("submit" as const), tasks: fc.integer({ min: 1, max: 60 }), taskMs: fc.constantFrom(0, 1, 30, 700, 5_000), owner: fc.constantFrom("ada", "bob"),
    priority: fc.integer({ min: -1, max: 1 }), failEvery: fc.constantFrom(0, 0, 2, 7), failTimes: fc.integer({ min: 1, max: 4 }), deadly: fc.boolean(),
  }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("lose-link", "vanish", "reload", "return", "leave", "release"), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("slots" as const), which: fc.nat(), slots: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("cancel", "pause", "resume", "retry"), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("start-load-balancer", "stop-load-balancer"), which: fc.nat() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 20, 150, 900, 4_000, 12_000) }) },
);
type Action = typeof actionArbitrary extends fc.Arbitrary<infer T> ? T : never;

function act(world: FakeWorld, action: Action): void {
  switch (action.do) {
    case "join": world.join(action.slots, action.speed, action.leaseMs); return;
    case "submit": {
      const { tasks, taskMs, owner, priority, failEvery, failTimes, deadly } = action;
      world.submit({
        tasks, taskMs, owner, priority, maxAttempts: deadly ? 10 : 3, failureKind: deadly ? "slot-died" : "error",
        failures: (index) => (failEvery > 0 && index % failEvery === 0 ? failTimes : 0),
      });
      return;
    }
    case "wait": world.run(action.ms); return;
    case "slots": world.servers[action.which % world.servers.length]?.setSlots(action.slots); return;
    case "cancel": case "pause": case "resume": case "retry": actOnJob(world, action.do, action.which); return;
    case "start-load-balancer": world.startLoadBalancer(5_000, `balancer-${action.which % 2}`); return;
    case "stop-load-balancer":
      world.send({ type: "load-balancer-unregistered", loadBalancerId: loadBalancerIdSchema.parse(`balancer-${action.which % 2}`) });
      return;
    default: actOnServer(world, action.do, action.which);
  }
}

function actOnJob(world: FakeWorld, what: "cancel" | "pause" | "resume" | "retry", which: number): void {
  const jobId = world.jobs[which % world.jobs.length]?.spec.jobId;
  if (jobId === undefined) return;
  if (what === "cancel") world.send({ type: "job-cancelled", jobId });
  else if (what === "pause") world.send({ type: "job-paused", jobId });
  else if (what === "resume") world.send({ type: "job-resumed", jobId });
  else world.send({ type: "job-retried", jobId });
}

function actOnServer(world: FakeWorld, what: "lose-link" | "vanish" | "reload" | "return" | "leave" | "release", which: number): void {
  const server = world.servers[which % world.servers.length];
  if (server === undefined) return;
  switch (what) {
    case "lose-link": server.loseLink(true); return;
    case "vanish": server.loseLink(false); return;
    case "reload": server.loseLink(true); server.reload(); return;
    case "return": if (!server.linked) server.register(); return;
    case "leave": server.leave(); return;
    case "release": server.releaseUnstarted(server.batches.keys()); return;
  }
}

/** Asks after every event whether the rules hold that speak of every moment. */
function watch(world: FakeWorld): void {
  const ends = new Map<FakeJob, IndexSet>();
  world.onCommands = (event, commands) => {
    for (const command of commands) {
      if (command.type === "assign") checkLease(world, command);
      if (command.type === "accept") checkAccept(world, ends, event, command);
      if (command.type === "record-failure") {
        must(endsOf(ends, world.jobOf(command.jobId)).add(command.index, command.index + 1) === 1, "R2: a task ended twice");
      }
      if (command.type === "forget-failures") forgetFailed(world, ends, command);
    }
    checkCounts(world);
    checkIdle(world);
  };
}

function endsOf(ends: Map<FakeJob, IndexSet>, job: FakeJob): IndexSet {
  const known = ends.get(job) ?? new IndexSet();
  ends.set(job, known);
  return known;
}

function forgetFailed(world: FakeWorld, ends: Map<FakeJob, IndexSet>, command: Command & { type: "forget-failures" }): void {
  const job = world.jobOf(command.jobId);
  ends.set(job, new IndexSet(job.accepted.ranges()));
}

function checkLease(world: FakeWorld, command: Command & { type: "assign" }): void {
  const lease = world.leaseEndsAtMs.get(command.computeServerId);
  must(lease !== undefined && lease.endsAtMs > world.nowMs, "R4: assigned without a lease");
  const server = world.scheduler.computeServers(world.nowMs).find(({ computeServerId }) => computeServerId === command.computeServerId);
  must(server?.connected === true && server.slots > 0, "R4: assigned where nothing runs");
}

function checkAccept(world: FakeWorld, ends: Map<FakeJob, IndexSet>, event: SchedulerEvent, command: Command & { type: "accept" }): void {
  const reported = new IndexSet(event.type === "outcomes" ? event.done : []);
  for (const [from, to] of command.ranges) {
    must(endsOf(ends, world.jobOf(command.jobId)).add(from, to) === to - from, "R2, R5: a task ended twice");
    must(reported.countWithin(from, to) === to - from, "R5: accepted what was not reported");
  }
}

function checkCounts(world: FakeWorld): void {
  for (const { spec, accepted, recorded, state } of world.jobs) {
    const job = world.scheduler.job(spec.jobId, world.nowMs);
    must((job === undefined) === ENDED.has(state), "a job is dropped exactly when it has ended");
    if (job === undefined) continue;
    must(job.done === accepted.count && job.failed === recorded.count, "R2: what was commanded and what is counted differ");
    must(job.pending + job.running + job.done + job.failed === spec.tasks && job.pending >= 0 && job.running >= 0, "R2: a task is lost");
  }
}

/** R6, by the hub's own count. A task that failed may wait for another Compute Server; any other may run anywhere. */
function checkIdle(world: FakeWorld): void {
  if (world.scheduler.loadBalancers(world.nowMs).length !== 1) return;
  const waits = world.jobs.some(({ spec, state, failedRuns }) => {
    if (state !== "queued" && state !== "running") return false;
    return (world.scheduler.job(spec.jobId, world.nowMs)?.pending ?? 0) > failedRuns.size;
  });
  if (!waits) return;
  const isIdle = world.scheduler.computeServers(world.nowMs).some(({ connected, slots, runningTasks }) => connected && runningTasks < slots);
  must(!isIdle, "R6: a slot is idle while a task waits");
}

/** Plain and quick, for it is asked a hundred thousand times. */
function must(holds: boolean, rule: string): void {
  if (!holds) expect.fail(rule);
}

/** After the trouble: somebody steady comes, all jobs go on, and must end. */
function settle(world: FakeWorld): void {
  for (const { spec } of world.jobs) world.send({ type: "job-resumed", jobId: spec.jobId });
  world.startLoadBalancer();
  for (const server of world.servers) server.loseLink(false);
  world.join(4, 1, Infinity);
  world.run(50_000_000, () => world.jobs.every(({ state }) => ENDED.has(state)));
}

function play(seed: number, placement: (typeof PLACEMENT_NAMES)[number], actions: readonly Action[]): FakeWorld {
  const world = new FakeWorld({ seed, placement, loadBalancerChoice: seed % 2 === 0 ? "first-found" : "fewest-jobs" });
  watch(world);
  for (const action of actions) act(world, action);
  settle(world);
  return world;
}

const storyArbitrary = fc.tuple(fc.nat(), fc.constantFrom(...PLACEMENT_NAMES), fc.array(actionArbitrary, { minLength: 5, maxLength: 60 }));

describe("Scheduler", () => {
  it("handle: every task ends once, on leased Compute Servers, without idle slots, whatever happens (R1, R2, R4, R5, R6)", () => {
    fc.assert(fc.property(storyArbitrary, ([seed, placement, actions]) => {
      const world = play(seed, placement, actions);
      for (const { spec, accepted, recorded, state } of world.jobs) {
        expect(ENDED.has(state), `R1: ${spec.jobId} has not ended but is ${state}`).toBe(true);
        if (state === "cancelled") continue;
        expect(accepted.count + recorded.count, "R2: a task is lost").toBe(spec.tasks);
        expect(countIndexes(accepted.ranges().flatMap(([from, to]) => recorded.within(from, to))), "R2: a task has two ends").toBe(0);
        expect(state).toBe(recorded.count > 0 ? "failed" : "completed");
      }
    }), { numRuns: 400 });
  });

  it("handle: the same seed and events give the same commands (R10)", () => {
    fc.assert(fc.property(storyArbitrary, ([seed, placement, actions]) => {
      expect(play(seed, placement, actions).traceHash).toBe(play(seed, placement, actions).traceHash);
    }), { numRuns: 50 });
  });

  it("decide: owners' slot time converges to their weights, however their tasks differ (R7)", () => {
    const world = new FakeWorld();
    world.startLoadBalancer();
    for (let i = 0; i < 10; i++) world.join(2);
    world.run(100);
    world.submit({ owner: "ada", tasks: 1_000_000, taskMs: 40 });
    world.submit({ owner: "bob", tasks: 1_000_000, taskMs: 1_500 });
    world.submit({ owner: "bob", tasks: 1_000_000, taskMs: 400 });
    world.run(120_000);
    const usedBefore = new Map(world.slotMsByOwner);
    expect((usedBefore.get("ada") ?? 0) / (usedBefore.get("bob") ?? 1)).toBeCloseTo(1, 1);
    world.submit({ owner: "cyd", tasks: 1_000_000, taskMs: 5 });
    world.run(120_000);
    const used = ["ada", "bob", "cyd"].map((owner) => (world.slotMsByOwner.get(owner) ?? 0) - (usedBefore.get(owner) ?? 0));
    const all = used.reduce((sum, ms) => sum + ms, 0);
    for (const ms of used) expect(ms / all).toBeCloseTo(1 / 3, 1);
  });

  it("decide: no slot idles: 200 Compute Servers and 1-second tasks reach 98 % of what they can (R6)", () => {
    const world = new FakeWorld({}, 20);
    world.startLoadBalancer();
    for (let i = 0; i < 200; i++) world.join(1);
    world.run(100);
    const beganAtMs = world.nowMs;
    const job = world.submit({ tasks: 20_000, taskMs: 1_000 });
    world.run(1_000_000, () => job.state === "completed");
    expect(job.state).toBe("completed");
    expect(100_000 / (world.nowMs - beganAtMs)).toBeGreaterThan(0.98);
  });
});
