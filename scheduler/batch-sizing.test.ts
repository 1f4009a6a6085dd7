import { describe, expect, it } from "vitest";
import { batchSize, type SizingInput } from "./batch-sizing.ts";

const input: SizingInput = {
  profile: { taskMs: 10, largestBatch: 1_000, timed: true },
  waitingTasks: 1_000_000, speedShare: 0.1, laneSlots: 1, batchTargetMs: 1_000, maxBatchTasks: 16_384, probeTasks: 1,
};

describe("batchSize", () => {
  it("is a probe where nothing is measured, for each slot that it feeds", () => {
    expect(batchSize({ ...input, profile: undefined })).toBe(1);
    expect(batchSize({ ...input, profile: undefined, laneSlots: 8 })).toBe(8);
  });

  it("is worth the target time", () => {
    expect(batchSize(input)).toBe(100);
    expect(batchSize({ ...input, laneSlots: 4 })).toBe(400);
  });

  it("is one task where a task takes longer than that", () => {
    expect(batchSize({ ...input, profile: { taskMs: 5_000, largestBatch: 100, timed: true } })).toBe(1);
  });

  it("grows step by step, more carefully where the tab's clock measures nothing", () => {
    expect(batchSize({ ...input, profile: { taskMs: 0.001, largestBatch: 8, timed: true } })).toBe(32);
    expect(batchSize({ ...input, profile: { taskMs: 0, largestBatch: 8, timed: false } })).toBe(16);
  });

  it("is half of what remains, shared by speed, towards the end", () => {
    expect(batchSize({ ...input, waitingTasks: 1_000 })).toBe(50);
    expect(batchSize({ ...input, waitingTasks: 1_000, speedShare: 0.02 })).toBe(10);
    expect(batchSize({ ...input, waitingTasks: 1 })).toBe(1);
  });

  it("never passes its limit", () => {
    expect(batchSize({ ...input, profile: { taskMs: 0, largestBatch: 16_000, timed: true }, waitingTasks: 1e9 })).toBe(16_384);
  });

  it("hands out FAC2 rounds: 1000 tasks over 4 equal slots in 32 batches of at most 125 (NUMBERS.md section 2)", () => {
    const sizes: number[] = [];
    let left = 1_000;
    while (left > 0) {
      const size = Math.min(left, batchSize({ ...input, profile: { taskMs: 0, largestBatch: 10_000, timed: true }, waitingTasks: left, speedShare: 0.25 }));
      sizes.push(size);
      left -= size;
    }
    expect(sizes[0]).toBe(125);
    // A share is taken anew for every batch, not once a round of 4, so the sizes fall more smoothly than FAC2's.
    expect(sizes.length).toBeGreaterThanOrEqual(28);
    expect(sizes.length).toBeLessThanOrEqual(48);
    expect(sizes.at(-1)).toBe(1);
  });
});
