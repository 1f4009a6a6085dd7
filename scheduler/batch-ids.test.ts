import { describe, expect, it } from "vitest";
import { BatchIds } from "./batch-ids.ts";

describe("BatchIds", () => {
  it("next: counts up", () => {
    const ids = new BatchIds();
    expect([ids.next(0), ids.next(5), ids.next(5)]).toEqual([0, 1, 2]);
  });

  it("next: after a restart begins behind all ids that came before", () => {
    const today = 1_767_225_600_000;
    const before = new BatchIds();
    let last = before.next(today);
    for (let i = 0; i < 10_000; i++) last = before.next(today + i / 100);
    const after = new BatchIds().next(today + 100);
    expect(after).toBeGreaterThan(last);
    expect(Number.isSafeInteger(new BatchIds().next(7_258_118_400_000))).toBe(true);
  });
});
