import { describe, expect, it } from "vitest";
import type { Command } from "../scheduler/command.ts";
import type { Machine } from "./simulated-server.ts";
import { World } from "./world.ts";

const TAB: Machine = { slots: 1, speed: 1, leaseMs: Infinity, lieShare: 0, link: { latencyMs: 5 } };

type Assign = Command & { readonly type: "assign" };

/** A grid of these speeds that has measured them, and what is assigned in it from then on. */
function measuredGrid(speeds: readonly number[]): { world: World; assigned: (index: number) => Assign[]; onAssign: (listen: (command: Assign) => void) => void } {
  const world = new World(1);
  world.startLoadBalancer();
  for (const speed of speeds) world.join({ ...TAB, speed });
  world.run(100);
  const first = world.submit({ tasks: 40 * speeds.length, lengthMs: () => 100 });
  world.run(10_000_000, () => first.hasEnded);
  const commands: Assign[] = [];
  let listener: (command: Assign) => void = () => {};
  world.observer = { ...world.observer, commanded: (_event, all) => {
    for (const command of all) {
      if (command.type !== "assign") continue;
      commands.push(command);
      listener(command);
    }
  } };
  return {
    world,
    assigned: (index) => commands.filter(({ ranges }) => ranges.some(([from, to]) => from <= index && index < to)),
    onAssign: (listen) => { listener = listen; },
  };
}

describe("planHelp", () => {
  it("a late task is copied to the fastest idle Compute Server", () => {
    const { world, assigned } = measuredGrid([0.5, 1, 8, 2]);
    const job = world.submit({ tasks: 4, lengthMs: (index) => (index === 3 ? 60_000 : 1_000) });
    world.run(10_000_000, () => job.hasEnded);
    expect(assigned(3).map(({ computeServerId }) => world.servers.find(({ id }) => id === computeServerId)?.speed)).toEqual([0.5, 8]);
    // On the slow one alone it would have taken 120 s.
    expect(job.endedAtMs - job.submittedAtMs).toBeLessThan(15_000);
  });
});

describe("CriticalBatches", () => {
  it("a task that would outlast all that waits is copied to a fast Compute Server while others still wait", () => {
    const { world, assigned, onAssign } = measuredGrid([0.2, 1, 1, 4]);
    const slow = world.servers[0];
    let longIndex = -1;
    let waitedAtCopy = 0;
    const job = world.submit({ tasks: 1_000, lengthMs: (index) => (index === longIndex ? 20_000 : 200) });
    onAssign(({ computeServerId, ranges, jobId }) => {
      if (longIndex < 0 && computeServerId === slow?.id) longIndex = ranges[0]?.[0] ?? -1;
      else if (ranges.some(([from, to]) => from <= longIndex && longIndex < to)) waitedAtCopy = world.scheduler.job(jobId, world.nowMs)?.pending ?? 0;
    });
    world.run(10_000_000, () => job.hasEnded);
    expect(assigned(longIndex)[0]?.computeServerId).toBe(slow?.id);
    expect(assigned(longIndex).length).toBeGreaterThan(1);
    expect(waitedAtCopy).toBeGreaterThan(0);
    // On the slow one alone it would have taken 100 s.
    expect(job.endedAtMs - job.submittedAtMs).toBeLessThan(60_000);
  });
});
