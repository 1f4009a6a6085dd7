import { describe, expect, it } from "vitest";
import { SeededRandom } from "../scheduler/seeded-random.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import type { Machine } from "./simulated-server.ts";
import { World } from "./world.ts";

const TAB: Machine = { slots: 1, speed: 1, leaseMs: 10_000, lieShare: 0, link: { latencyMs: 20 } };

/** Between half and one and a half times as long as usual. */
function around(usualMs: number): (index: number) => number {
  return (index) => usualMs * (0.5 + ((index * 7919) % 101) / 100);
}

/** Speeds from 1 to 30, around 5.5 times the slowest. */
function spread(i: number): number {
  return 30 ** (((i * 37) % 100) / 99) / Math.sqrt(30);
}

function worldOf(tabs: number, speed: (i: number) => number = () => 1, slots = 1): World {
  const world = new World(1);
  world.startLoadBalancer();
  for (let i = 0; i < tabs; i++) world.join({ ...TAB, slots, speed: speed(i) });
  world.run(300);
  return world;
}

/** So many tabs at any time, of which each stays for a while and is followed by another; half of them go without a word. */
function churning(tabs: number, stayMs: number, seed: number): World {
  const world = new World(seed);
  const random = new SeededRandom(seed);
  world.startLoadBalancer();
  const live = (i: number): void => {
    const tab = world.join({ ...TAB, speed: spread(i) });
    world.later(-stayMs * Math.log(1 - random.next()), () => {
      if (random.next() < 0.5) tab.leave();
      else tab.loseLink(false);
      live(i);
    });
  };
  for (let i = 0; i < tabs; i++) live(i);
  world.run(1_000);
  return world;
}

function atHalfWay(world: World, job: SimulatedJob): { readonly estimatedMs: number; readonly leftMs: number } {
  world.run(Number.MAX_SAFE_INTEGER, () => 2 * job.accepted.count >= job.spec.tasks);
  const halfWayMs = world.nowMs;
  const estimatedMs = world.scheduler.job(job.spec.jobId, halfWayMs)?.etaMs ?? NaN;
  world.run(Number.MAX_SAFE_INTEGER, () => job.hasEnded);
  return { estimatedMs, leftMs: world.nowMs - halfWayMs };
}

const SCENARIOS: Readonly<Record<string, () => [World, SimulatedJob]>> = {
  "ten tabs, tasks of a second": () => jobIn(worldOf(10), 500, () => 1_000),
  "a hundred tabs, four waves of long tasks": () => jobIn(worldOf(100), 400, () => 60_000),
  "a hundred tabs, ten rounds of uneven long tasks": () => jobIn(worldOf(100), 1_000, around(60_000)),
  "four tabs, a million tiny tasks": () => jobIn(worldOf(4), 1_000_000, () => 0.02),
  "a hundred tabs of speeds 1 to 30": () => jobIn(worldOf(100, spread), 5_000, around(1_000)),
  "few tasks a slot": () => jobIn(worldOf(3, () => 1, 4), 60, around(2_000)),
  "one slot": () => jobIn(worldOf(1), 10, around(3_000)),
  "fifty tabs that stay for a minute": () => jobIn(churning(50, 60_000, 1), 20_000, around(500)),
  "ten tabs that stay for half a minute": () => jobIn(churning(10, 30_000, 2), 10_000, around(500)),
  "an equal part beside another owner": () => {
    const world = worldOf(16);
    world.submit({ owner: "bob", tasks: 1_000_000, lengthMs: () => 200 });
    world.run(5_000);
    return jobIn(world, 3_000, around(300));
  },
  "more and more tabs, then steady": () => {
    const world = worldOf(4);
    for (let i = 0; i < 40; i++) world.later(1_000 * i, () => { world.join(TAB); });
    return jobIn(world, 5_000, () => 500);
  },
};

function jobIn(world: World, tasks: number, lengthMs: (index: number) => number): [World, SimulatedJob] {
  return [world, world.submit({ tasks, lengthMs, taskTimeoutMs: 600_000 })];
}

describe("timeLeft", () => {
  it.each(Object.keys(SCENARIOS))("half-way it is right within 20 %%: %s", (name) => {
    const [world, job] = SCENARIOS[name]?.() ?? jobIn(worldOf(1), 1, () => 1);
    const { estimatedMs, leftMs } = atHalfWay(world, job);
    expect(Math.abs(estimatedMs / leftMs - 1), `${estimatedMs} estimated, ${leftMs} left`).toBeLessThan(0.2);
  });

  it("goes down to nothing as the last tasks end, and is null while nothing is known", () => {
    const world = worldOf(4);
    const job = world.submit({ tasks: 400, lengthMs: () => 100 });
    const etaMs = () => world.scheduler.job(job.spec.jobId, world.nowMs)?.etaMs;
    expect(etaMs()).toBeNull();
    world.run(2_000);
    const early = etaMs() ?? 0;
    expect(early).toBeGreaterThan(7_000);
    world.run(100_000, () => job.accepted.count >= 396);
    expect(etaMs()).toBeLessThan(300);
    world.run(1_000);
    expect(etaMs()).toBeUndefined();
  });
});
