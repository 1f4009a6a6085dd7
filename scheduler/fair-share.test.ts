import { describe, expect, it } from "vitest";
import { executableIdSchema, jobIdSchema, ownerSchema } from "../protocol/ids.ts";
import { FairShare } from "./fair-share.ts";
import { JobRun } from "./job-run.ts";

let jobs = 0;
function job(owner: string, priority = 0): JobRun {
  return new JobRun({
    jobId: jobIdSchema.parse(`fair-job-${jobs++}`), owner: ownerSchema.parse(owner), executableId: executableIdSchema.parse("0".repeat(64)),
    tasks: 1, priority, maxAttempts: 3, taskTimeoutMs: 1_000, createdAtMs: 0,
  });
}

/** Lets the shares choose `times` times, each choice at the cost of its job. */
function serve(shares: FairShare, costs: ReadonlyMap<JobRun, number>, times: number): Map<JobRun, number> {
  const used = new Map<JobRun, number>();
  for (let i = 0; i < times; i++) {
    const chosen = shares.choose(() => true);
    if (chosen === undefined) break;
    const cost = costs.get(chosen) ?? 0;
    shares.begin(chosen, cost);
    used.set(chosen, (used.get(chosen) ?? 0) + cost);
  }
  return used;
}

function ready(shares: FairShare, ...those: JobRun[]): void {
  for (const one of those) {
    shares.add(one);
    shares.setReady(one, true);
  }
}

describe("FairShare", () => {
  it("choose: owners get the same slot time, however long their tasks are (R7)", () => {
    const shares = new FairShare(new Map());
    const [long, short] = [job("ada"), job("bob")];
    ready(shares, long, short);
    const used = serve(shares, new Map([[long, 1_000], [short, 10]]), 5_000);
    expect((used.get(long) ?? 0) / (used.get(short) ?? 1)).toBeCloseTo(1, 1);
  });

  it("choose: more jobs do not get their owner more (R7)", () => {
    const shares = new FairShare(new Map());
    const many = Array.from({ length: 9 }, () => job("ada"));
    const one = job("bob");
    ready(shares, ...many, one);
    const used = serve(shares, new Map([...many, one].map((each) => [each, 10])), 1_000);
    expect(used.get(one)).toBe(5_000);
  });

  it("choose: who comes later shares from then on, and is owed nothing for before (R7)", () => {
    const shares = new FairShare(new Map());
    const [early, late] = [job("ada"), job("bob")];
    ready(shares, early);
    const costs = new Map([[early, 10], [late, 10]]);
    serve(shares, costs, 1_000);
    ready(shares, late);
    const used = serve(shares, costs, 1_000);
    expect(Math.abs((used.get(late) ?? 0) - (used.get(early) ?? 0))).toBeLessThanOrEqual(20);
  });

  it("choose: weights say how much of the slot time each owner gets (R7)", () => {
    const shares = new FairShare(new Map([["ada", 3], ["bob", 0.5]]));
    const [three, half, one] = [job("ada"), job("bob"), job("cyd")];
    ready(shares, three, half, one);
    const used = serve(shares, new Map([[three, 7], [half, 10], [one, 13]]), 10_000);
    expect((used.get(three) ?? 0) / (used.get(one) ?? 1)).toBeCloseTo(3, 1);
    expect((used.get(half) ?? 0) / (used.get(one) ?? 1)).toBeCloseTo(0.5, 1);
  });

  it("remove: an owner who has had more than its share is not as new with its next job", () => {
    const shares = new FairShare(new Map());
    const steady = job("bob");
    ready(shares, steady);
    const used = { steady: 0, restless: 0 };
    // Each job of the other owner is one long batch, and it brings the next at once.
    let next = job("ada");
    ready(shares, next);
    for (let i = 0; i < 1_000; i++) {
      const chosen = shares.choose(() => true);
      if (chosen === next) {
        shares.begin(next, 100);
        used.restless += 100;
        shares.remove(next);
        next = job("ada");
        ready(shares, next);
      } else {
        shares.begin(steady, 10);
        used.steady += 10;
      }
    }
    expect(used.restless / used.steady).toBeCloseTo(1, 1);
  });

  it("begin: who fitted no Compute Server for long does not keep the others away for as long", () => {
    const shares = new FairShare(new Map());
    shares.slots = 1;
    const [blocked, served] = [job("ada"), job("bob")];
    ready(shares, blocked, served);
    for (let i = 0; i < 10_000; i++) {
      expect(shares.choose((candidate) => candidate !== blocked)).toBe(served);
      shares.begin(served, 1_000);
    }
    let inARow = 0;
    for (; shares.choose(() => true) === blocked; inARow++) shares.begin(blocked, 1_000);
    expect(inARow).toBeGreaterThan(5);
    expect(inARow).toBeLessThan(15);
  });

  it("choose: a job that is refused leaves the turn to the next", () => {
    const shares = new FairShare(new Map());
    const [first, second] = [job("ada", 1), job("ada")];
    ready(shares, first, second);
    expect(shares.choose(() => true)).toBe(first);
    expect(shares.choose((candidate) => candidate !== first)).toBe(second);
    expect(shares.choose(() => false)).toBeUndefined();
  });

  it("remove: nothing is left of a job", () => {
    const shares = new FairShare(new Map());
    const only = job("ada");
    ready(shares, only);
    shares.remove(only);
    expect(shares.hasReady).toBe(false);
    expect(shares.choose(() => true)).toBeUndefined();
  });
});
