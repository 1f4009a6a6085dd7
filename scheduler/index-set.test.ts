import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IndexSet } from "./index-set.ts";

/** Every second index of these makes more ranges than one chunk holds. */
const SPAN = 1_600;
const stepArbitrary = fc.record({
  do: fc.constantFrom("add", "remove", "take"), from: fc.nat(SPAN), length: fc.oneof(fc.nat(3), fc.nat(40), fc.nat(SPAN)),
});

function listOf(set: ReadonlySet<number>): number[] {
  return [...set].toSorted((a, b) => a - b);
}

function indexesOf(ranges: readonly (readonly [number, number])[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
}

describe("IndexSet", () => {
  it("add, remove, takeFirst: behave as a plain set does", () => {
    fc.assert(fc.property(fc.array(stepArbitrary, { maxLength: 40 }), fc.nat(SPAN), fc.nat(SPAN), fc.boolean(), (steps, a, b, scattered) => {
      const model = new Set<number>(scattered ? Array.from({ length: SPAN / 2 }, (_, i) => 2 * i) : []);
      const set = new IndexSet([...model].map((index) => [index, index + 1]));
      for (const { do: what, from, length } of steps) {
        const before = model.size;
        if (what === "take") {
          const taken = listOf(model).slice(0, length);
          expect(indexesOf(set.takeFirst(length, Infinity))).toEqual(taken);
          for (const index of taken) model.delete(index);
          continue;
        }
        for (let index = from; index < from + length; index++) {
          if (what === "add") model.add(index);
          else model.delete(index);
        }
        const changed = what === "add" ? set.add(from, from + length) : set.remove(from, from + length);
        expect(changed).toBe(Math.abs(model.size - before));
      }
      const [from, to] = a < b ? [a, b] : [b, a];
      const inside = listOf(model).filter((index) => index >= from && index < to);
      expect(set.count).toBe(model.size);
      expect(indexesOf(set.ranges())).toEqual(listOf(model));
      expect(set.rangeCount).toBe(set.ranges().length);
      expect(indexesOf(set.within(from, to))).toEqual(inside);
      expect(set.countWithin(from, to)).toBe(inside.length);
      expect(indexesOf(set.gaps(from, to))).toEqual(Array.from({ length: to - from }, (_, i) => from + i).filter((index) => !model.has(index)));
      expect(inside.every((index) => set.has(index)) && !set.gaps(from, to).some(([index]) => set.has(index))).toBe(true);
    }), { numRuns: 150 });
  });

  it("add: ranges that touch become one", () => {
    const set = new IndexSet([[0, 5], [10, 15]]);
    set.add(5, 10);
    expect(set.ranges()).toEqual([[0, 15]]);
  });

  it("takeFirst: stops at the limit of ranges", () => {
    const set = new IndexSet([[0, 1], [2, 3], [4, 5]]);
    expect(set.takeFirst(10, 2)).toEqual([[0, 1], [2, 3]]);
    expect(set.ranges()).toEqual([[4, 5]]);
  });

  it("add, remove: hold over a hundred thousand ranges", () => {
    const set = new IndexSet();
    for (let i = 0; i < 100_000; i++) set.add(2 * ((i * 7919) % 100_000), 2 * ((i * 7919) % 100_000) + 1);
    expect(set.rangeCount).toBe(100_000);
    expect(set.remove(50_000, 150_000)).toBe(50_000);
    expect(set.ranges().find(([from]) => from >= 49_998)).toEqual([49_998, 49_999]);
    expect(set.add(0, 200_000)).toBe(150_000);
    expect(set.ranges()).toEqual([[0, 200_000]]);
  });
});
