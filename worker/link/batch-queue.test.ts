import fc from "fast-check";
import { expect, test } from "vitest";
import type { Assign } from "../../protocol/down/assign.ts";
import { batchIdSchema, blobIdSchema, executableIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { BatchQueue, type Work } from "./batch-queue.ts";

function batch(id: number, count: number, change: Partial<Assign> = {}): Assign {
  return {
    type: "assign", batchId: batchIdSchema.parse(id), jobId: jobIdSchema.parse("job-00001"), jobName: "", owner: "", executableId: executableIdSchema.parse("0".repeat(64)),
    ranges: [[1_000 * id, 1_000 * id + count]], inputs: { kind: "range", start: 0, step: 1 }, taskTimeoutMs: 1_000, ...change,
  };
}

function spans(works: readonly (Work | undefined)[]) {
  return works.map((work) => (work === undefined ? null : [work.assign.batchId, work.from, work.to]));
}

test("BatchQueue.take: a batch for each idle slot, in the order in which they came", () => {
  const queue = new BatchQueue();
  for (const id of [1, 2, 3]) queue.add(batch(id, 10));
  expect(spans([queue.take(2), queue.take(1), queue.take(1), queue.take(1)])).toEqual([[1, 0, 10], [2, 0, 10], [3, 0, 10], null]);
});

test("BatchQueue.take: one batch is shared by slots that would otherwise idle (R6)", () => {
  const queue = new BatchQueue();
  queue.add(batch(1, 10));
  expect(spans([queue.take(4), queue.take(3), queue.take(2), queue.take(1), queue.take(1)])).toEqual([[1, 0, 3], [1, 3, 6], [1, 6, 8], [1, 8, 10], null]);
});

test("BatchQueue.take: large inputs are handed out within their limit of bytes", () => {
  const queue = new BatchQueue();
  const large = [0, 1, 2, 3].map((i) => ({ index: 1_000 + i, blobId: blobIdSchema.parse("0".repeat(64)), bytes: 30 * 1024 * 1024 }));
  queue.add(batch(1, 4, { inputs: { kind: "values", packed: packValues([]), large } }));
  expect(spans([queue.take(1), queue.take(1), queue.take(1)])).toEqual([[1, 0, 2], [1, 2, 4], null]);
});

test("BatchQueue.release: gives back by index what no slot has taken, and holds the rest", () => {
  const queue = new BatchQueue();
  queue.add(batch(1, 10));
  const work = queue.take(2);
  expect(queue.release(batchIdSchema.parse(1))?.ranges).toEqual([[1_005, 1_010]]);
  expect(queue.release(batchIdSchema.parse(1))).toBeUndefined();
  expect(queue.ids()).toEqual([1]);
  queue.reported(batchIdSchema.parse(1), (work?.to ?? 0) - (work?.from ?? 0));
  expect(queue.ids()).toEqual([]);
});

test("BatchQueue.add: the same batch twice is held once", () => {
  const queue = new BatchQueue();
  expect([queue.add(batch(1, 10)), queue.add(batch(1, 10))]).toEqual([true, false]);
  expect(queue.waitingTasks).toBe(10);
});

test("BatchQueue: whatever slots do, each task is taken until it is reported, and never by two at once (R2)", () => {
  const step = fc.record({ idle: fc.integer({ min: 1, max: 4 }), done: fc.double({ min: 0, max: 1, noNaN: true }), skip: fc.boolean() });
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }), fc.array(step, { maxLength: 200 }), (sizes, steps) => {
    const queue = new BatchQueue();
    for (const [id, size] of sizes.entries()) queue.add(batch(id, size));
    const reported = new Set<number>();
    const finish = ({ assign, from, to }: Work, done: number, careful: boolean) => {
      const end = from + Math.floor((to - from) * done);
      for (let position = from; position < end; position++) {
        const task = 1_000 * assign.batchId + position;
        expect(reported.has(task)).toBe(false);
        reported.add(task);
      }
      queue.giveBack(assign.batchId, { from: end, to, careful });
      queue.reported(assign.batchId, end - from);
    };
    for (const { idle, done, skip } of steps) {
      const work = queue.take(idle);
      if (work !== undefined) finish(work, done, skip);
    }
    for (let work = queue.take(1); work !== undefined; work = queue.take(1)) finish(work, 1, false);
    expect(reported.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(queue.ids()).toEqual([]);
  }));
});
