import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "./command.ts";
import { balancer, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

type Assign = Command & { readonly type: "assign" };

test("slotsPerOwner: at no time more slots work for an owner than it may have, and none idles while a task waits that may run (R6)", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 6 }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat(), { minLength: 20, maxLength: 120 }),
    (most, servers, choices) => {
      const scheduler = new Scheduler({ slotsPerOwner: most, help: false });
      const held = new Map<number, Assign>();
      let nowMs = 0;
      const handle = (event: Parameters<Scheduler["handle"]>[0]) => {
        for (const assign of only("assign", scheduler.handle(event, nowMs))) held.set(assign.batchId, assign);
      };
      handle(balancer());
      servers.forEach((slots, i) => handle(registered(String(i), { slots, leaseMs: 1e9 })));
      for (const owner of ["ada", "bob"]) handle({ type: "job-submitted", job: jobSpec(owner, { owner, tasks: 10_000 }) });
      const lanes = new Map(servers.map((slots, i) => [serverId(String(i)), slots]));
      const working = (name: string) => {
        let slots = 0;
        for (const [id, of] of lanes) {
          const batches = [...held.values()].filter(({ computeServerId, jobId }) => computeServerId === id && jobId === jobSpec(name).jobId).length;
          slots += Math.min(batches, of);
        }
        return slots;
      };
      for (const choice of choices) {
        const [ada, bob] = [working("ada"), working("bob")];
        expect(Math.max(ada, bob)).toBeLessThanOrEqual(most);
        // Two owners with endless work: all slots work, or both have all that they may have.
        const idle = [...lanes].some(([id, of]) => [...held.values()].filter(({ computeServerId }) => computeServerId === id).length < of);
        if (idle) expect([ada, bob]).toEqual([most, most]);
        const batch = [...held.values()][choice % Math.max(1, held.size)];
        if (batch === undefined) return;
        held.delete(batch.batchId);
        nowMs += 500;
        handle(outcomesOf(batch, { busyMs: 500 }));
      }
    },
  ), { seed: 7, numRuns: 60 });
});

test("slotsPerOwner: a job says that its owner has all the slots that it may have, and goes on when one is free", () => {
  const scheduler = new Scheduler({ slotsPerOwner: 1, help: false });
  scheduler.handle(balancer(), 0);
  for (const name of ["a", "b"]) scheduler.handle(registered(name), 0);
  const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0));
  // One batch waits behind the running one on the same Slot; the other Compute Server gets none.
  const queued = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("y", { tasks: 100 }) }, 0));
  expect(queued.computeServerId).toBe(first.computeServerId);
  expect(scheduler.job(jobSpec("y").jobId, 0)?.waitingFor).toBe("Its owner has 1 Slot at work, as many as an owner may have on this hub: it goes on when one is free.");
  expect(scheduler.computeServers(0).map(({ waitingFor }) => waitingFor)).toContain("Those whose tasks wait have as many Slots at work as they may have.");
  scheduler.handle(outcomesOf(first), 100);
  const next = only("assign", scheduler.handle(outcomesOf(queued, { busyMs: 100 }), 200));
  expect(next.map(({ jobId }) => jobId)).toContain(jobSpec("y").jobId);
});
