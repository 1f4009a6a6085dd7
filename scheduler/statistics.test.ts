import { describe, expect, it } from "vitest";
import { Statistics } from "./statistics.ts";

describe("Statistics", () => {
  it("count: sums up, and keeps the time of the last completion", () => {
    const statistics = new Statistics(5);
    statistics.count(3, 1, 40, 100);
    statistics.count(0, 2, 10, 200);
    expect(statistics.snapshot(1)).toEqual({
      tasksCompleted: 3, tasksFailed: 3, totalTimeMs: 50, lastCompletionAtMs: 100, speed: 1, registeredAtMs: 5,
    });
  });

  it("measureSpeed: one report moves it only so far", () => {
    const statistics = new Statistics(0);
    statistics.measureSpeed(1e9);
    expect(statistics.speed).toBe(100);
    statistics.measureSpeed(50);
    expect(statistics.speed).toBeCloseTo(90, 9);
    expect(statistics.snapshot(45).speed).toBeCloseTo(2, 9);
  });
});
