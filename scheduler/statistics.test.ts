import { describe, expect, it } from "vitest";
import { Statistics } from "./statistics.ts";

describe("Statistics", () => {
  it("count: sums up, and keeps the time of the last completion", () => {
    const statistics = new Statistics(5);
    statistics.count(3, 1, 40, 100);
    statistics.count(0, 2, 10, 200);
    expect(statistics.snapshot(1)).toEqual({
      tasksCompleted: 3, tasksFailed: 3, checksPassed: 0, checksFailed: 0, totalTimeMs: 50, lastCompletionAtMs: 100, speed: 1, registeredAtMs: 5,
    });
  });

  it("measureSpeed: believes no speed beyond its bound", () => {
    const statistics = new Statistics(0);
    statistics.measureSpeed(1e9, 1);
    expect(statistics.speed).toBe(100);
    expect(statistics.snapshot(50).speed).toBeCloseTo(2, 9);
  });

  it("measureSpeed: one long task among short ones weighs by its length, and is forgotten", () => {
    const statistics = new Statistics(0);
    for (let i = 0; i < 100; i++) statistics.measureSpeed(1_000, 500);
    expect(statistics.speed).toBeCloseTo(2, 9);
    statistics.measureSpeed(1_000, 30_000);
    expect(statistics.speed).toBeGreaterThan(0.8);
    expect(statistics.speed).toBeLessThan(2);
    for (let i = 0; i < 2_000; i++) statistics.measureSpeed(1_000, 500);
    expect(statistics.speed).toBeCloseTo(2, 1);
  });
});
