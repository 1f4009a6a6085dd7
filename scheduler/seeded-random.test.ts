import { describe, expect, it } from "vitest";
import { SeededRandom } from "./seeded-random.ts";

describe("SeededRandom", () => {
  it("next: the same seed gives the same numbers, another seed others (R10)", () => {
    const draw = (seed: number) => { const random = new SeededRandom(seed); return Array.from({ length: 20 }, () => random.next()); };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("below: spreads evenly over its range", () => {
    const random = new SeededRandom(3);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) { const drawn = random.below(4); counts[drawn] = (counts[drawn] ?? 0) + 1; }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
