import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { taskMapOfEnds } from "./task-map.ts";

describe("taskMapOfEnds", () => {
  test("taskMapOfEnds: counts every ended task in the bucket of its index", () => {
    const tasks = fc.array(fc.constantFrom("done", "failed", "open"), { minLength: 1, maxLength: 60 });
    fc.assert(fc.property(tasks, fc.integer({ min: 1, max: 80 }), (states, wanted) => {
      const done: [number, number][] = [];
      states.forEach((state, i) => { if (state === "done") done.push([i, i + 1]); });
      const failed = states.flatMap((state, i) => (state === "failed" ? [i] : []));
      const { total, buckets } = taskMapOfEnds(states.length, { done, failed }, wanted);
      expect(total).toBe(states.length);
      expect(buckets.length).toBe(Math.min(wanted, states.length));
      let next = 0;
      for (const bucket of buckets) {
        expect(bucket.from).toBe(next);
        expect(bucket.to).toBeGreaterThan(bucket.from);
        next = bucket.to;
        const here = states.slice(bucket.from, bucket.to);
        expect([bucket.done, bucket.failed]).toEqual([here.filter((state) => state === "done").length, here.filter((state) => state === "failed").length]);
      }
      expect(next).toBe(states.length);
    }));
  });

  test("taskMapOfEnds: one range over many buckets, for a job of ten million tasks", () => {
    const { buckets } = taskMapOfEnds(10_000_000, { done: [[5, 9_999_999]], failed: [9_999_999] }, 200);
    expect(buckets.reduce((sum, { done }) => sum + done, 0)).toBe(9_999_994);
    expect(buckets.at(-1)).toMatchObject({ done: 49_999, failed: 1 });
  });
});
