import { expect, test } from "vitest";
import simulate, { blackScholes, inputs, view } from "./job.ts";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("blackScholes: the example of Hull's textbook, 4.76", () => {
  expect(blackScholes({ spot: 42, strike: 40, rate: 0.1, volatility: 0.2, years: 0.5 })).toBeCloseTo(4.76, 2);
});

test.each([80, 100, 105, 130])("simulate: the exact price of strike %d lies in the band of 99.99 %%", (strike) => {
  let paths = 0, sum = 0, sumOfSquares = 0;
  [...inputs({ strike, batches: 8, paths: 2000 })].forEach((batch, index) => {
    const outcome = simulate(batch, { index, random: seeded(1000 * strike + index) });
    paths += outcome.paths;
    sum += outcome.sum;
    sumOfSquares += outcome.sumOfSquares;
  });
  const mean = sum / paths;
  const error = Math.sqrt((sumOfSquares / paths - mean ** 2) / paths);
  const exact = blackScholes({ spot: 100, strike, rate: 0.03, volatility: 0.25, years: 1 });
  expect(Math.abs(mean - exact)).toBeLessThan(3.9 * error);
  expect(error).toBeLessThan(0.2);
});

test("view: the line of the exact price follows the arguments", () => {
  expect(JSON.stringify(view({ spot: 42, strike: 40, rate: 0.1, volatility: 0.2, years: 0.5 }))).toContain("the exact price, 4.759");
});
