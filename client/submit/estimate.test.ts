import { expect, test } from "vitest";
import { estimateJob } from "./estimate.ts";

test("estimateJob: tasks are shared by the slots, in whole rounds", () => {
  expect(estimateJob(200, 10, 4)).toEqual({ oneSlotMs: 2000, gridMs: 600 });
});

test("estimateJob: with more slots than tasks it takes one task's time; without slots nobody knows", () => {
  expect(estimateJob(200, 2, 64).gridMs).toBe(200);
  expect(estimateJob(200, 2, 0).gridMs).toBeNull();
});
