import { expect, test } from "vitest";
import { DutyCycle } from "./duty-cycle.ts";

test.each([0.1, 0.25, 0.5, 0.75])("DutyCycle.worked: at a share of %d rests make up the rest of the time", (share) => {
  const duty = new DutyCycle(10_000);
  let restMs = 0;
  for (let i = 0; i < 1_000; i++) restMs += duty.worked(5, share);
  expect(5_000 / (5_000 + restMs)).toBeCloseTo(share, 5);
});

test("DutyCycle.worked: a full share never rests, and a rest has its limit", () => {
  const duty = new DutyCycle(10_000);
  expect(duty.worked(60_000, 1)).toBe(0);
  expect(duty.worked(60_000, 0.1)).toBe(10_000);
});

test("DutyCycle.worked: short work gathers before it is worth a rest", () => {
  const duty = new DutyCycle(10_000);
  expect([duty.worked(20, 0.5), duty.worked(20, 0.5), duty.worked(20, 0.5), duty.worked(20, 0.5)]).toEqual([0, 0, 60, 0]);
});
