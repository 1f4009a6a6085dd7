import { describe, expect, it } from "vitest";
import { areEnough, auditsForOne, leadToCatch, volunteersBehind, wrongOdds } from "./credibility.ts";

const USUAL = { saboteurShare: 0.2, errorRate: 0.01 };

describe("credibility", () => {
  it("wrongOdds: unchecked, the odds of the first times the share of the others", () => {
    expect(wrongOdds(1, 0, 0.2)).toBeCloseTo(0.25, 12);
    expect(wrongOdds(3, 0, 0.2)).toBeCloseTo(0.04 * 0.25, 12);
    expect(wrongOdds(1, 0, 0.4)).toBeCloseTo(2 / 3, 12);
  });

  it("wrongOdds: no rate of lies does better than the bound, in collusion", () => {
    for (const share of [0.05, 0.2, 0.35]) for (const audits of [0, 1, 5, 20, 100]) for (const members of [1, 2, 3]) {
      for (let lies = 0.005; lies <= 1; lies += 0.005) {
        const wrong = share ** members * lies * (1 - lies * (1 - share)) ** audits;
        const right = 1 - share;
        expect(wrong / right).toBeLessThanOrEqual(wrongOdds(members, audits, share) + 1e-12);
      }
    }
  });

  it("auditsForOne: the least that is enough, for its part of the error rate", () => {
    for (const [saboteurShare, errorRate, audits] of [[0.2, 0.01, 14], [0.05, 0.01, 3], [0.2, 0.001, 144], [0, 0.01, 1]] as const) {
      const trust = { saboteurShare, errorRate };
      expect(auditsForOne(trust)).toBe(audits);
      expect(areEnough(1, audits, trust)).toBe(true);
      if (audits > 1) expect(areEnough(1, audits - 1, trust)).toBe(false);
    }
  });

  it("areEnough: two that were never audited are not enough, four are", () => {
    expect([1, 2, 3, 4].map((members) => areEnough(members, 0, USUAL))).toEqual([false, false, true, true]);
    expect(areEnough(2, 2, USUAL)).toBe(true);
  });

  it("leadToCatch, volunteersBehind: more where more lie or less may be wrong, and two at least", () => {
    expect([USUAL, { ...USUAL, saboteurShare: 0.05 }, { ...USUAL, errorRate: 0.001 }].map(leadToCatch)).toEqual([3, 2, 4]);
    expect([USUAL, { ...USUAL, saboteurShare: 0.05 }, { ...USUAL, errorRate: 0.001 }].map(volunteersBehind)).toEqual([3, 2, 5]);
  });
});
