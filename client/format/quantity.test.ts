import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatCount, formatQuantity, formatRate, formatShare } from "./quantity.ts";

test("formatCount: separates thousands", () => {
  expect(formatCount(10_000_000)).toBe("10,000,000");
});

test.each([
  [0, "0"],
  [-1, "0"],
  [Number.NaN, "0"],
  [0.004, "< 0.01"],
  [0.042, "0.04"],
  [3.24, "3.2"],
  [99.96, "100"],
  [148.4, "148"],
  [9_999.6, "10K"],
  [250_000, "250K"],
])("formatRate: %d a second reads %s", (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

test("formatShare: 100 % only when all is done, 0 % only when nothing is", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat({ max: 1e9 }), (total, part) => {
    const text = formatShare(part, total);
    expect(text === "100 %").toBe(part >= total);
    expect(text === "0 %").toBe(part === 0);
  }));
  expect(formatShare(999_999_999, 1_000_000_000)).toBe("99.9 %");
  expect(formatShare(1, 1_000_000_000)).toBe("< 0.1 %");
});

test("formatQuantity: one is singular", () => {
  expect(formatQuantity(1, "task")).toBe("1 task");
  expect(formatQuantity(2_000, "task")).toBe("2,000 tasks");
  expect(formatQuantity(0, "task")).toBe("0 tasks");
});
