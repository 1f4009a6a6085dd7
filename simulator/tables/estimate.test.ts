import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { batchMean, controlledMean, scaled } from "./estimate.ts";

describe("batchMean", () => {
  it("is the mean and the standard deviation over the root of the number", () => {
    expect(batchMean([1, 2, 3, 4])).toEqual({ mean: 2.5, standardError: expect.closeTo(Math.sqrt(5 / 3) / 2, 12) });
    expect(scaled({ mean: 2, standardError: 1 }, 3)).toEqual({ mean: 6, standardError: 3 });
  });
});

describe("controlledMean", () => {
  const random = new SeededRandom(1);
  const draws = (count: number) => Array.from({ length: count }, () => random.next());
  const [a, b, noise] = [draws(50), draws(50), draws(50)];
  const at = (values: readonly number[], index: number) => values[index] ?? Number.NaN;

  it("takes out what known quantities explain, however they hang together", () => {
    const wanted = a.map((value, index) => 7 + 3 * value - 2 * at(b, index));
    const mixed = a.map((value, index) => value + at(b, index));
    const { mean, standardError } = controlledMean(wanted, [{ batches: a, trueMean: 0.5 }, { batches: mixed, trueMean: 1 }]);
    expect(mean).toBeCloseTo(7 + 1.5 - 1, 10);
    expect(standardError).toBeLessThan(1e-10);
  });

  it("leaves what nothing explains, and says that it is no surer", () => {
    const plain = batchMean(noise);
    const { mean, standardError } = controlledMean(noise, [{ batches: a, trueMean: 0.5 }]);
    expect(Math.abs(mean - plain.mean)).toBeLessThan(plain.standardError);
    expect(standardError / plain.standardError).toBeGreaterThan(0.9);
  });

  it("passes over a control that is another one again, but for rounding", () => {
    const wanted = a.map((value, index) => value + at(noise, index));
    const one = controlledMean(wanted, [{ batches: a, trueMean: 0.5 }]);
    const twice = controlledMean(wanted, [{ batches: a, trueMean: 0.5 }, { batches: a.map((value) => 3 * value + 1e-12 * random.next()), trueMean: 1.5 }]);
    expect(twice.mean).toBeCloseTo(one.mean, 10);
  });
});
