import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, gamma, ln } from "./portable-math.ts";

function expectClose(ours: number, theirs: number, relative: number): void {
  expect(Math.abs(ours - theirs), `${ours} against ${theirs}`).toBeLessThanOrEqual(relative * Math.abs(theirs));
}

describe("ln", () => {
  it("is the engine's logarithm to 15 digits, over all of the doubles' range", () => {
    fc.assert(fc.property(fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true }), (x) => { expectClose(ln(x), Math.log(x), 1e-15); }), { numRuns: 2_000 });
    fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => { expectClose(ln(x), Math.log(x), 1e-15); }), { numRuns: 2_000 });
    expect(ln(1)).toBe(0);
  });

  it("gives these bits on every machine", () => {
    expect([ln(2), ln(10), ln(1 / 3)]).toEqual([0.6931471805599453, 2.302585092994046, -1.0986122886681098]);
  });

  it("refuses what has none", () => {
    for (const x of [0, -1, Infinity, Number.NaN]) expect(() => ln(x)).toThrow(`Cannot take the logarithm of ${x}`);
  });
});

describe("exp", () => {
  it("is the engine's exponential to 15 digits", () => {
    fc.assert(fc.property(fc.double({ min: -708, max: 709, noNaN: true }), (x) => { expectClose(exp(x), Math.exp(x), 1e-15); }), { numRuns: 2_000 });
    expect([exp(0), exp(710), exp(-800)]).toEqual([1, Infinity, 0]);
  });
});

describe("gamma", () => {
  it("is the factorial of one less, and the square root of pi over 2 at 1.5", () => {
    let factorial = 1;
    for (let x = 1; x < 20; x++) { expectClose(gamma(x), factorial, 1e-13); factorial *= x; }
    expectClose(gamma(1.5), Math.sqrt(Math.PI) / 2, 1e-13);
  });
});
