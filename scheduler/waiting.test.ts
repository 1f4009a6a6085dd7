import { describe, expect, it } from "vitest";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

const { jobId } = jobSpec("x");

/** A grid where each of these jobs, of an owner each, has slots enough to want them all. */
function gridWith(slots: number, jobs: readonly { name: string; owner?: string; priority?: number }[], weights: ReadonlyMap<string, number> = new Map()): Scheduler {
  const scheduler = new Scheduler({ ownerWeights: weights });
  scheduler.handle(balancer(), 0);
  for (const job of jobs) scheduler.handle({ type: "job-submitted", job: jobSpec(job.name, { tasks: 1_000, ...job }) }, 0);
  scheduler.handle(registered("a", { slots, leaseMs: 1_000_000 }), 0);
  return scheduler;
}

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
    scheduler.handle({ type: "job-resumed", jobId }, 0);
    scheduler.handle({ type: "drain" }, 0);
    expect(why()).toContain("The hub is stopping");
  });

  it("says whose jobs have all slots, and what weights come to", () => {
    const alone = gridWith(1, [{ name: "other" }, { name: "x" }]);
    expect(alone.job(jobId, 0)?.waitingFor).toBe("The only Slot is at work for other jobs of the same owner.");
    const higher = gridWith(4, [{ name: "other", priority: 3 }, { name: "x" }]);
    expect(higher.job(jobId, 0)?.waitingFor).toBe("All 4 Slots are at work for jobs of the same owner with a higher priority.");
    const weighted = gridWith(4, [{ name: "other", owner: "bob" }], new Map([["bob", 3]]));
    weighted.handle({ type: "job-submitted", job: jobSpec("x") }, 0);
    expect(weighted.job(jobId, 0)?.waitingFor).toBe("All 4 Slots are at work for bob, whose weight is 3. The part of ada comes to 1 of 4.");
  });

  it("says of a job that has some of the slots who has the others", () => {
    const scheduler = gridWith(6, [{ name: "x" }, { name: "of-bob", owner: "bob" }, { name: "of-cyd", owner: "cyd" }]);
    expect(scheduler.job(jobId, 0)?.waitingFor).toBe("It has 2 of 6 Slots. The others are at work: 2 for bob and 2 for cyd. The part of ada comes to 2 of 6.");
  });

  it("names the largest of many owners, and the rest together", () => {
    const scheduler = gridWith(12, ["bob", "cyd", "dan", "eve", "flo", "x"].map((name) => ({ name, owner: name })));
    expect(scheduler.job(jobId, 0)?.waitingFor).toBe("It has 2 of 12 Slots. The others are at work: 2 for bob, 2 for cyd, 2 for dan and 4 for others. The part of x comes to 2 of 12.");
  });

  it("says nothing of a job that has all slots, or whose tasks all run", () => {
    const scheduler = gridWith(4, [{ name: "x" }]);
    expect(scheduler.job(jobId, 0)?.waitingFor).toBeNull();
    const small = gridOf("a", "b");
    small.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0);
    small.handle({ type: "job-submitted", job: jobSpec("other", { owner: "bob" }) }, 0);
    expect(small.job(jobId, 0)?.waitingFor).toBeNull();
  });

  it("says of tasks that are handed out where they wait", () => {
    const scheduler = gridOf("a");
    scheduler.handle({ type: "job-submitted", job: jobSpec("other", { tasks: 1 }) }, 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1 }) }, 0);
    expect(scheduler.job(jobId, 0)?.waitingFor).toBe("Its last tasks wait behind batches of other jobs, and are next there.");
  });

  it("says that failed tasks wait for another Compute Server, and for how long at most", () => {
    const scheduler = gridOf("a", "b");
    const batch = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1, priority: 1 }) }, 0));
    // These fill all the room that the other one has.
    for (const name of ["other", "third"]) scheduler.handle({ type: "job-submitted", job: jobSpec(name) }, 0);
    scheduler.handle(outcomesOf(batch, { failed: [0] }), 10);
    expect(scheduler.job(jobId, 10)?.waitingFor).toBe("One failed task waits for another Compute Server to try it, for 60 s at most.");
    expect(scheduler.job(jobId, 40_010)?.waitingFor).toContain("for 20 s at most");
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

  it("says that none offers what it requires, and which comes closest", () => {
    const scheduler = new Scheduler();
    const why = () => scheduler.job(jobId, 0)?.waitingFor;
    scheduler.handle(balancer(), 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 100, requires: { capabilities: ["wasm", "wasm-simd"], memoryMiB: 4_096 } }) }, 0);
    scheduler.handle(registered("old"), 0);
    expect(why()).toBe("The only Compute Server does not offer what it requires: “old” lacks wasm, wasm-simd and 4096 MiB of memory (it does not tell how much it has).");
    scheduler.handle(registered("lab-3", { capabilities: ["wasm", "wasm-simd"], memoryMiB: 2_048 }), 0);
    expect(why()).toBe("None of the 2 Compute Servers offers what it requires: “lab-3” comes closest and lacks 4096 MiB of memory (it has 2048).");
    const fits = { capabilities: ["wasm", "wasm-simd"], memoryMiB: 8_192 };
    scheduler.handle(registered("big", { ...fits, slots: 0 }), 0);
    expect(why()).toBe("None of the 3 Compute Servers offers what it requires but “big”, which is paused by its volunteer.");
    scheduler.handle(registered("big", fits), 0);
    expect(why()).toBe("Only 1 of 3 Compute Servers offers what it requires.");
  });

  it("speaks of the slots that fit alone", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle({ type: "job-submitted", job: jobSpec("other", { owner: "bob", tasks: 1_000 }) }, 0);
    scheduler.handle(registered("plain", { slots: 4 }), 0);
    scheduler.handle(registered("fits", { slots: 2, capabilities: ["wasm-gc"] }), 0);
    const commands = scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1_000, requires: { capabilities: ["wasm-gc"] } }) }, 0);
    expect(only("assign", commands).every(({ computeServerId }) => computeServerId === serverId("fits"))).toBe(true);
    expect(scheduler.job(jobId, 0)?.waitingFor).toBe("All 2 Slots are at work for bob. The part of ada comes to 1 of 2.");
  });
});
