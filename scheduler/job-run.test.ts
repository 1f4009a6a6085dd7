import { describe, expect, it } from "vitest";
import { batchIdSchema } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import { Batch } from "./batch.ts";
import { ComputeServer } from "./compute-server.ts";
import { jobSpec, serverId } from "./fake-events.ts";
import { JobRun } from "./job-run.ts";
import { grantLease } from "./lease.ts";

const nobodyElse = { usableCount: 1, isUsable: () => true };
const server = new ComputeServer(serverId("a"), 0, grantLease(1_000, 1_000, 0), 0);
let batches = 0;

function hold(job: JobRun, ranges: IndexRanges, original?: Batch): Batch {
  const batch = new Batch({ batchId: batchIdSchema.parse(batches++), job, server, ranges, assignedAtMs: 0, taskMs: 1, waitMs: 0, copy: original !== undefined });
  if (original !== undefined) for (const [from, to] of ranges) for (let index = from; index < to; index++) job.copies.add(index, original, batch);
  job.batches.add(batch);
  return batch;
}

function cut(job: JobRun, size: number): Batch {
  return hold(job, job.cut(size, server, 0, nobodyElse));
}

function attemptOf(batch: Batch) {
  return { computeServerId: server.computeServerId, batchId: batch.batchId, kind: "error" as const, volunteer: server.volunteer, vouched: server.vouched };
}

function counts({ waitingCount, inFlightCount, done, failed }: JobRun) {
  return { waiting: waitingCount, inFlight: inFlightCount, done: done.count, failed: failed.count };
}

describe("JobRun", () => {
  it("cut, finish: each task is in one place (R2)", () => {
    const job = new JobRun(jobSpec("x"));
    const batch = cut(job, 4);
    expect(counts(job)).toEqual({ waiting: 6, inFlight: 4, done: 0, failed: 0 });
    expect(job.finish([[0, 2]], batch)).toEqual([[0, 2]]);
    expect(job.finish([[1, 3]], batch)).toEqual([[2, 3]]);
    expect(counts(job)).toEqual({ waiting: 6, inFlight: 1, done: 3, failed: 0 });
    expect(job.takeFinished()).toEqual([]);
    job.finish([[3, 4]], batch);
    expect(job.takeFinished()).toEqual([batch]);
  });

  it("finish: takes tasks that nobody is known to run from wherever they are (R5)", () => {
    const job = new JobRun(jobSpec("x"));
    const batch = cut(job, 4);
    expect(job.finish([[2, 6]], undefined)).toEqual([[2, 6]]);
    expect(counts(job)).toEqual({ waiting: 4, inFlight: 2, done: 4, failed: 0 });
    expect([batch.open, batch.left.count]).toEqual([2, 4]);
    job.finish([[0, 2]], undefined);
    expect(job.takeFinished()).toEqual([batch]);
  });

  it("putBack: what ended or runs elsewhere does not wait again", () => {
    const job = new JobRun(jobSpec("x"));
    const batch = cut(job, 4);
    const copy = hold(job, [[3, 4]], batch);
    job.finish([[0, 1]], undefined);
    expect(job.putBack(batch, [[0, 10]], 0)).toBe(4);
    expect(counts(job)).toEqual({ waiting: 8, inFlight: 1, done: 1, failed: 0 });
    expect(job.putBack(copy, [[3, 4]], 0)).toBe(1);
    expect(counts(job)).toEqual({ waiting: 9, inFlight: 0, done: 1, failed: 0 });
  });

  it("fail: a task whose copy still runs does not wait, one that failed for good leaves its copy nothing to do", () => {
    const job = new JobRun(jobSpec("x", { maxAttempts: 2 }));
    const original = cut(job, 1);
    const copy = hold(job, [[0, 1]], original);
    expect(job.fail(0, attemptOf(original), original, 0)).toEqual({ kind: "again" });
    expect(counts(job)).toMatchObject({ waiting: 9, inFlight: 1 });
    const third = hold(job, [[0, 1]], copy);
    expect(job.fail(0, attemptOf(third), third, 0)).toEqual({ kind: "recorded", attempts: 2 });
    expect(counts(job)).toEqual({ waiting: 9, inFlight: 0, done: 0, failed: 1 });
    expect(job.takeFinished()).toContain(copy);
    expect(job.finish([[0, 1]], copy)).toEqual([]);
  });

  it("fail: who does not hold the task, any more or at all, cannot fail it, however often (R5)", () => {
    const job = new JobRun(jobSpec("x", { maxAttempts: 1 }));
    const lost = cut(job, 1);
    job.putBack(lost, [[0, 1]], 0);
    expect(job.fail(0, attemptOf(lost), lost, 0)).toEqual({ kind: "ignored" });
    expect(job.fail(0, attemptOf(lost), undefined, 0)).toEqual({ kind: "ignored" });
    expect(job.fail(5, attemptOf(lost), lost, 0)).toEqual({ kind: "ignored" });
    expect(counts(job)).toEqual({ waiting: 10, inFlight: 0, done: 0, failed: 0 });
    const batch = cut(job, 1);
    expect(job.fail(0, attemptOf(lost), lost, 0)).toEqual({ kind: "ignored" });
    expect(job.fail(0, attemptOf(batch), batch, 0)).toEqual({ kind: "recorded", attempts: 1 });
  });

  it("ending: completed when all are done, failed when one has failed", () => {
    const job = new JobRun(jobSpec("x", { tasks: 2, maxAttempts: 1 }));
    const batch = cut(job, 2);
    job.finish([[0, 1]], batch);
    expect(job.ending).toBeNull();
    job.fail(1, attemptOf(batch), batch, 0);
    expect(job.ending).toBe("failed");
    expect(job.forgetFailures()).toBe(true);
    expect(job.ending).toBeNull();
    job.finish([[1, 2]], undefined);
    expect(job.ending).toBe("completed");
  });
});
