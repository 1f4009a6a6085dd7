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
    shares.charge(chosen, cost);
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
    const shares = new FairShare();
    const [long, short] = [job("ada"), job("bob")];
    ready(shares, long, short);
    const used = serve(shares, new Map([[long, 1_000], [short, 10]]), 5_000);
    expect((used.get(long) ?? 0) / (used.get(short) ?? 1)).toBeCloseTo(1, 1);
  });

  it("choose: more jobs do not get their owner more (R7)", () => {
    const shares = new FairShare();
    const many = Array.from({ length: 9 }, () => job("ada"));
    const one = job("bob");
    ready(shares, ...many, one);
    const used = serve(shares, new Map([...many, one].map((each) => [each, 10])), 1_000);
    expect(used.get(one)).toBe(5_000);
  });

  it("choose: who comes later shares from then on, and is owed nothing for before (R7)", () => {
    const shares = new FairShare();
    const [early, late] = [job("ada"), job("bob")];
    ready(shares, early);
    const costs = new Map([[early, 10], [late, 10]]);
    serve(shares, costs, 1_000);
    ready(shares, late);
    const used = serve(shares, costs, 1_000);
    expect(Math.abs((used.get(late) ?? 0) - (used.get(early) ?? 0))).toBeLessThanOrEqual(20);
  });

  it("choose: the higher priority of one owner goes first, equals share", () => {
    const shares = new FairShare();
    const [urgent, a, b] = [job("ada", 5), job("ada"), job("ada")];
    ready(shares, a, b, urgent);
    const costs = new Map([[urgent, 10], [a, 10], [b, 10]]);
    expect(serve(shares, costs, 100).get(urgent)).toBe(1_000);
    shares.setReady(urgent, false);
    const used = serve(shares, costs, 100);
    expect(used.get(a)).toBe(used.get(b));
  });

  it("choose: a job that is refused leaves the turn to the next", () => {
    const shares = new FairShare();
    const [first, second] = [job("ada", 1), job("ada")];
    ready(shares, first, second);
    expect(shares.choose((candidate) => candidate !== first)).toBe(second);
    expect(shares.choose(() => false)).toBeUndefined();
  });

  it("remove: nothing is left of a job", () => {
    const shares = new FairShare();
    const only = job("ada");
    ready(shares, only);
    shares.remove(only);
    expect(shares.hasReady).toBe(false);
    expect(shares.choose(() => true)).toBeUndefined();
  });
});
