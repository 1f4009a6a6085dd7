import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { only } from "../scheduler/fake-events.ts";
import { fuzz } from "./fuzz.ts";
import { catchPlantedBugs, PLANTED_BUGS } from "./planted-bugs.ts";
import type { Machine } from "./simulated-server.ts";
import { play, storyArbitrary } from "./story.ts";
import { World } from "./world.ts";

const TAB: Machine = { slots: 1, speed: 1, leaseMs: 10_000, lieShare: 0, link: { latencyMs: 5 } };

/** Between half and one and a half times as long as usual. */
function around(usualMs: number): (index: number) => number {
  return (index) => usualMs * (0.5 + ((index * 7919) % 101) / 100);
}

function worldWith(tabs: number, machine: Machine = TAB): World {
  const world = new World(1);
  world.startLoadBalancer();
  for (let i = 0; i < tabs; i++) world.join(machine);
  world.run(200);
  return world;
}

describe("Scheduler", () => {
  it("handle: whatever happens, every task ends once, on leased Compute Servers, without idle slots or starved owners (R1 to R7)", () => {
    expect(fuzz(1, 800)).toEqual({ tried: 800, failure: null });
  }, 600_000);

  it("handle: the same seed and events give the same commands (R10)", () => {
    fc.assert(fc.property(storyArbitrary, (story) => {
      expect(play(story).traceHash).toBe(play(story).traceHash);
    }), { numRuns: 50 });
  });

  it("decide: owners' slot time converges to their weights, however their tasks differ (R7)", () => {
    const world = worldWith(10, { ...TAB, slots: 2 });
    const slotMs = new Map<string, number>();
    world.observer = { ...world.observer, commanded: (event) => {
      if (event.type !== "outcomes") return;
      const { owner } = world.jobOf(event.jobId).spec;
      slotMs.set(owner, (slotMs.get(owner) ?? 0) + event.busyMs);
    } };
    world.submit({ owner: "ada", tasks: 1_000_000, lengthMs: around(40) });
    world.submit({ owner: "bob", tasks: 1_000_000, lengthMs: around(1_500) });
    world.submit({ owner: "bob", tasks: 1_000_000, lengthMs: around(400) });
    world.run(120_000);
    const before = new Map(slotMs);
    expect((before.get("ada") ?? 0) / (before.get("bob") ?? 1)).toBeCloseTo(1, 1);
    world.submit({ owner: "cyd", tasks: 1_000_000, lengthMs: around(5) });
    world.run(120_000);
    const used = ["ada", "bob", "cyd"].map((owner) => (slotMs.get(owner) ?? 0) - (before.get(owner) ?? 0));
    const all = used.reduce((sum, ms) => sum + ms, 0);
    for (const ms of used) expect(ms / all).toBeCloseTo(1 / 3, 1);
  });

  it("decide: no slot idles: 200 Compute Servers and 1-second tasks reach 98 % of what they can (R6)", () => {
    const world = worldWith(200, { ...TAB, link: { latencyMs: 20 } });
    const job = world.submit({ tasks: 20_000, lengthMs: around(1_000) });
    world.run(1_000_000, () => job.hasEnded);
    expect(job.state).toBe("completed");
    expect(100_000 / (job.endedAtMs - job.submittedAtMs)).toBeGreaterThan(0.98);
  });

  it("planHelp: copies are bounded, however many Compute Servers are idle", () => {
    const world = worldWith(50);
    const job = world.submit({ tasks: 50, lengthMs: () => 40_000 });
    world.run(100);
    for (const server of world.servers.slice(0, 40)) server.loseLink(true);
    let copies = 0;
    world.observer = { ...world.observer, commanded: (_event, commands) => { copies += only("assign", commands).length; } };
    for (let i = 0; i < 50; i++) world.join(TAB);
    world.run(2_000);
    expect(copies).toBeGreaterThan(0);
    expect(copies).toBeLessThanOrEqual(8);
    world.run(10_000_000, () => job.hasEnded);
    expect(job.accepted.count).toBe(50);
  });
});

describe("RuleWatch", () => {
  it("catches every bug that is planted into the scheduler", () => {
    const catches = catchPlantedBugs(1, 1_000);
    expect(catches.map(({ bug }) => bug)).toEqual(Object.keys(PLANTED_BUGS));
    expect(catches.filter(({ rule }) => rule === null)).toEqual([]);
    // The bugs are out again.
    expect(fuzz(1, 20).failure).toBeNull();
  }, 600_000);
});
