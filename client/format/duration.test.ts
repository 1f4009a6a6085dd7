import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatAgo, formatDuration, formatLeaseLeft } from "./duration.ts";

test.each([
  [0, "0 ms"],
  [850.4, "850 ms"],
  [1_000, "1.0 s"],
  [9_999, "9.9 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [245_000, "4 min 5 s"],
  [2 * 3_600_000 + 600_000, "2 h 10 min"],
  [76 * 3_600_000, "3 d 4 h"],
  [-5, "0 ms"],
  [Infinity, "for ever"],
])("formatDuration: %d ms reads %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("formatDuration: never more than two units, and no unit reaches the next larger one", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 400 * 86_400_000, noNaN: true }), (ms) => {
    const parts = formatDuration(ms).split(" ");
    expect(parts.length === 2 || parts.length === 4).toBe(true);
    const most: Record<string, number> = { ms: 1_000, s: 59.9, min: 59, h: 23, d: 400 };
    for (let i = 0; i < parts.length; i += 2) {
      expect(Number(parts[i])).toBeLessThanOrEqual(most[parts[i + 1] ?? ""] ?? -1);
    }
  }));
});

test("formatLeaseLeft: null is a lease for ever", () => {
  expect(formatLeaseLeft(null)).toBe("for ever");
  expect(formatLeaseLeft(12_000)).toBe("12 s");
});

test.each([
  [0, "just now"],
  [1_999, "just now"],
  [2_000, "2 s ago"],
  [90_000, "1 min ago"],
  [7_300_000, "2 h ago"],
  [3 * 86_400_000, "3 d ago"],
])("formatAgo: %d ms before reads %s", (passed, text) => {
  expect(formatAgo(1_000_000, 1_000_000 + passed)).toBe(text);
});
