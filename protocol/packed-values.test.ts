import fc from "fast-check";
import { expect, test } from "vitest";
import { GridError } from "./grid-error.ts";
import { PackedValues, packValues } from "./packed-values.ts";
import { isWellFormedValue } from "./value-check.ts";

test("packValues: every value comes back from its place, and from a slice", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array()), fc.nat(), fc.nat(), (values, a, b) => {
    const packed = new PackedValues(packValues(values));
    expect(packed.count).toBe(values.length);
    values.forEach((value, i) => expect(Array.from(packed.at(i))).toEqual(Array.from(value)));
    const from = Math.min(a, b) % (values.length + 1);
    const to = Math.max(from, Math.max(a, b) % (values.length + 1));
    const slice = new PackedValues(packed.slice(from, to));
    expect(slice.count).toBe(to - from);
    for (let i = from; i < to; i++) expect(Array.from(slice.at(i - from))).toEqual(Array.from(packed.at(i)));
  }));
});

test("PackedValues: any bytes are packed values or a stated error (R9)", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    try {
      const packed = new PackedValues(bytes);
      for (let i = 0; i < packed.count; i++) packed.at(i);
    } catch (error) {
      expect(error).toBeInstanceOf(GridError);
    }
  }), { numRuns: 2000 });
});

test("PackedValues: a place outside is an error", () => {
  const packed = new PackedValues(packValues([Uint8Array.of(1)]));
  expect(() => packed.at(1)).toThrow(/Cannot read packed value 1/);
});

test("PackedValues.isWellFormedAt: judges each place by its own bytes, also where a value would go on in the next (R9)", () => {
  const text = Uint8Array.of(0xa3, 0x61, 0x62, 0x63);
  const cut = new PackedValues(packValues([text, text.subarray(0, 2), text.subarray(2), text, new Uint8Array(0)]));
  expect([0, 1, 2, 3, 4].map((i) => cut.isWellFormedAt(i))).toEqual([true, false, false, true, false]);
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 12 })), (values) => {
    const packed = new PackedValues(packValues(values));
    values.forEach((value, i) => {
      expect(packed.bytesAt(i)).toBe(value.byteLength);
      expect(packed.isWellFormedAt(i)).toBe(isWellFormedValue(value));
    });
  }));
  expect(() => cut.isWellFormedAt(5)).toThrow(/Cannot read packed value 5/);
});
