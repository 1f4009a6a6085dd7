import fc from "fast-check";
import { expect, describe, it } from "vitest";
import { keysWithin } from "./keys-within.ts";

describe("keysWithin", () => {
  it("finds the keys between two indexes, whichever way is shorter", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(100)), fc.nat(100), fc.nat(100), (keys, from, length) => {
      const found = keysWithin(new Map(keys.map((key) => [key, key])), from, from + length);
      expect(found.toSorted((a, b) => a - b)).toEqual(keys.filter((key) => key >= from && key < from + length).toSorted((a, b) => a - b));
    }));
  });
});
