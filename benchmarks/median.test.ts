import { expect, test } from "vitest";
import { median, quantile } from "./median.ts";

test("median: the middle, or the mean of the two in the middle, in whatever order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 4, 100])).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test("quantile: the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 1)).toBe(100);
  expect(quantile([7], 0.5)).toBe(7);
});
