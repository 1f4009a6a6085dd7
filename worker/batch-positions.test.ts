import fc from "fast-check";
import { expect, test } from "vitest";
import { cutRanges, indexAt, indexesOf, withoutIndexes } from "./batch-positions.ts";

/** Ascending ranges with gaps between them. */
const ranges = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 8 }).map((steps) => {
  let at = 0;
  return steps.map(([gap, length]): [number, number] => {
    const from = at + gap + 1;
    at = from + length;
    return [from, at];
  });
});

test("cutRanges: gives the very indexes at these positions", () => {
  fc.assert(fc.property(ranges, fc.nat(), fc.nat(), (given, a, b) => {
    const all = [...indexesOf(given)];
    const [from, to] = [a % (all.length + 1), b % (all.length + 1)].toSorted((x, y) => x - y);
    if (from === undefined || to === undefined) throw new Error("unreachable");
    expect([...indexesOf(cutRanges(given, from, to))]).toEqual(all.slice(from, to));
  }));
});

test("cutRanges: past the end it throws", () => {
  expect(() => cutRanges([[5, 7]], 0, 3)).toThrow(RangeError);
  expect(() => cutRanges([[5, 7]], 2, 1)).toThrow(RangeError);
});

test("indexAt: agrees with the list of all indexes, and throws past its end", () => {
  fc.assert(fc.property(ranges, (given) => {
    const all = [...indexesOf(given)];
    expect(all.map((_, position) => indexAt(given, position))).toEqual(all);
    expect(() => indexAt(given, all.length)).toThrow(RangeError);
  }));
});

test("withoutIndexes: leaves out these and nothing else", () => {
  fc.assert(fc.property(ranges, fc.array(fc.boolean(), { maxLength: 160 }), (given, chosen) => {
    const all = [...indexesOf(given)];
    const out = all.filter((_, position) => chosen[position] ?? false);
    const kept = withoutIndexes(given, out);
    expect([...indexesOf(kept)]).toEqual(all.filter((index) => !out.includes(index)));
    for (const [from, to] of kept) expect(from).toBeLessThan(to);
  }));
});
