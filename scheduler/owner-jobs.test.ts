import { describe, expect, it } from "vitest";
import { jobSpec } from "./fake-events.ts";
import { JobRun } from "./job-run.ts";
import { OwnerJobs } from "./owner-jobs.ts";

const NEVER_LESS_MS = 1_000_000;

let jobs = 0;
function job(priority = 0): JobRun {
  return new JobRun(jobSpec(`owned-${jobs++}`, { priority }));
}

function ready(owner: OwnerJobs, ...those: JobRun[]): void {
  for (const one of those) {
    owner.add(one);
    owner.setReady(one, true, 1);
  }
}

/** Lets the owner's jobs have `times` turns of 10 ms. */
function serve(owner: OwnerJobs, times: number, may: (job: JobRun) => boolean = () => true): (job: JobRun) => number {
  const used = new Map<JobRun, number>();
  for (let i = 0; i < times; i++) {
    const chosen = owner.choose(may);
    if (chosen === undefined) break;
    owner.begin(chosen, NEVER_LESS_MS);
    owner.charge(chosen, 10, NEVER_LESS_MS);
    used.set(chosen, (used.get(chosen) ?? 0) + 10);
  }
  return (one) => used.get(one) ?? 0;
}

describe("OwnerJobs", () => {
  it("choose: the highest priority gets all but a sixteenth, its equals share", () => {
    const owner = new OwnerJobs();
    const [urgent, alike, usual] = [job(5), job(5), job(0)];
    ready(owner, usual, urgent, alike);
    serve(owner, 1_600);
    const used = serve(owner, 16_000);
    expect(Math.abs(used(usual) - 10_000)).toBeLessThanOrEqual(10);
    expect(Math.abs(used(urgent) - used(alike))).toBeLessThanOrEqual(10);
    owner.setReady(urgent, false, 1);
    owner.setReady(alike, false, 1);
    expect(serve(owner, 100)(usual)).toBe(1_000);
  });

  it("choose: however many priorities there are, none waits without bound (R7)", () => {
    const owner = new OwnerJobs();
    const levels = [9, 7, 3, 0, -4, -100].map((priority) => job(priority));
    ready(owner, ...levels);
    serve(owner, 1_600);
    const used = serve(owner, 8_000);
    for (const lower of levels.slice(1)) expect(Math.abs(used(lower) - 1_000)).toBeLessThanOrEqual(10);
  });

  it("choose: a job that comes behind one of the same priority has the next turn, whatever that one has used", () => {
    const owner = new OwnerJobs();
    const [huge, small] = [job(), job()];
    ready(owner, huge);
    serve(owner, 100_000);
    ready(owner, small);
    expect(owner.choose(() => true)).toBe(small);
    const used = serve(owner, 1_000);
    expect(Math.abs(used(small) - used(huge))).toBeLessThanOrEqual(20);
  });

  it("choose: priorities have clocks of their own: what the higher used is not held against who comes to the lower", () => {
    const owner = new OwnerJobs();
    const [high, low] = [job(1), job(0)];
    ready(owner, high, low);
    serve(owner, 100_000);
    const late = job(0);
    ready(owner, late);
    owner.setReady(high, false, 1);
    const used = serve(owner, 1_000);
    expect(Math.abs(used(late) - used(low))).toBeLessThanOrEqual(20);
  });

  it("choose: lower priorities save nothing up while no Compute Server fits them", () => {
    const owner = new OwnerJobs();
    const [high, low] = [job(1), job(0)];
    ready(owner, high, low);
    for (let i = 0; i < 1_000; i++) {
      const chosen = owner.choose((candidate) => candidate !== low);
      if (chosen !== undefined) owner.charge(chosen, 1_000, 1_200);
    }
    let inARow = 0;
    for (; owner.choose(() => true) === low; inARow++) owner.charge(low, 10, 1_200);
    expect(inARow).toBeGreaterThan(0);
    expect(inARow).toBeLessThanOrEqual(21);
  });

  it("precedes: by priority, then by what was used", () => {
    const owner = new OwnerJobs();
    const [high, low, other] = [job(1), job(0), job(0)];
    ready(owner, high, low, other);
    expect(owner.precedes(high, low)).toBe(true);
    expect(owner.precedes(low, high)).toBe(false);
    owner.charge(other, 20, 0);
    expect(owner.precedes(low, other)).toBe(true);
    expect(owner.precedes(other, low)).toBe(false);
  });

  it("remove: nothing is left of a job", () => {
    const owner = new OwnerJobs();
    const only = job();
    ready(owner, only);
    expect([owner.size, owner.readyCount, [...owner.ready()]]).toEqual([1, 1, [only]]);
    owner.setReady(only, false, 1);
    owner.remove(only);
    owner.remove(only);
    expect([owner.size, owner.readyCount, owner.choose(() => true)]).toEqual([0, 0, undefined]);
  });
});
