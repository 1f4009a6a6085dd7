import { describe, expect, it } from "vitest";
import { JobPace } from "./job-pace.ts";

describe("JobPace", () => {
  it("recent: what was done against what should have been", () => {
    const pace = new JobPace();
    for (let second = 0; second <= 30; second++) pace.note(1_000 * second, 80 * second, () => 0.1);
    const { done, expected, meanRate } = pace.recent(30_000);
    expect(done / expected).toBeCloseTo(0.8, 1);
    expect(meanRate).toBeCloseTo(0.1, 5);
  });

  it("recent: forgets how it was long ago, for a young job sooner", () => {
    const pace = new JobPace();
    for (let second = 0; second <= 60; second++) pace.note(1_000 * second, second <= 30 ? 10 * second : 300 + 100 * (second - 30), () => 0.1);
    expect(pace.recent(60_000).done / pace.recent(60_000).expected).toBeCloseTo(1, 1);
  });

  it("note: what ends together is seen together, and costs one question", () => {
    const pace = new JobPace();
    let asked = 0;
    const rate = () => { asked++; return 1 / 600; };
    pace.note(0, 0, rate);
    for (let i = 1; i <= 100; i++) pace.note(60_000 + i, i, rate);
    for (let i = 1; i <= 100; i++) pace.note(120_000 + i, 100 + i, rate);
    expect(asked).toBe(3);
    const { done, expected } = pace.recent(120_100);
    expect(done).toBe(100);
    expect(expected).toBeCloseTo(100, 0);
  });

  it("interrupted: nothing is expected in a pause", () => {
    const pace = new JobPace();
    pace.note(0, 0, () => 0.1);
    pace.note(1_000, 100, () => 0.1);
    pace.interrupted(1_000, 100);
    pace.interrupted(3_000, 100);
    pace.note(3_500, 100, () => 0);
    pace.note(4_500, 200, () => 0.2);
    expect(pace.recent(4_500)).toMatchObject({ done: 200, expected: 200 });
  });

  it("recent: nothing yet", () => {
    const pace = new JobPace();
    expect(pace.recent(5)).toEqual({ done: 0, expected: 0, meanRate: 0 });
    pace.note(5, 0, () => 2);
    expect(pace.recent(6)).toEqual({ done: 0, expected: 0, meanRate: 2 });
  });
});
