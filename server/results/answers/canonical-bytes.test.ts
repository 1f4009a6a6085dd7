import fc from "fast-check";
import { expect, test } from "vitest";
import { isWellFormedValue } from "../../../protocol/value-check.ts";
import { decodeValue, encodeValue, type Value } from "../../../protocol/value.ts";
import { CanonicalBytes } from "./canonical-bytes.ts";
import { respell } from "./respell.ts";

const canonical = new CanonicalBytes();
const bytesOf = (encoded: Uint8Array, unordered = false) => Buffer.from(canonical.of(encoded, unordered)).toString("hex");
const of = (value: unknown, unordered = false) => bytesOf(encodeValue(value), unordered);

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null), fc.boolean(), fc.double(), fc.float(), fc.integer(), fc.nat(300), fc.maxSafeInteger(), fc.string({ unit: "binary", maxLength: 300 }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.uint8Array(), fc.float64Array(), fc.float32Array(), fc.int16Array(),
  fc.date({ noInvalidDate: true, min: new Date(-8.64e12), max: new Date(8.64e12) }),
);
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string().filter((key) => key !== "__proto__"), tie("value"), { maxKeys: 20, noNullPrototype: true })),
}));
/** Everything that a hostile tab may choose of how it spells a value: a number for each choice. */
const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 50 });

test("CanonicalBytes: every spelling of a value gives the same bytes", () => {
  fc.assert(fc.property(anyValue, choices, (value, choices) => {
    const spelled = respell(value, choices);
    expect(isWellFormedValue(spelled)).toBe(true);
    expect(decodeValue(spelled)).toStrictEqual(value);
    expect(bytesOf(spelled)).toBe(of(value));
  }), { numRuns: 300 });
});

/** Of values that JavaScript takes for the same one, and no others. */
function sameValue(a: Value, b: Value): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}

test("CanonicalBytes: two values give different bytes, unless they are the same", () => {
  const near = anyValue.chain((value) => fc.tuple(fc.constant(value), fc.oneof(anyValue, changed(value))));
  fc.assert(fc.property(near, ([a, b]) => {
    expect(of(a) === of(b)).toBe(sameValue(a, b));
  }), { numRuns: 300 });
});

/** The value with one of its leaves replaced, or the value itself. */
function changed(value: Value): fc.Arbitrary<Value> {
  if (Array.isArray(value) && value.length > 0) {
    return fc.tuple(fc.nat(value.length - 1), leaf).map(([at, item]): Value => value.with(at, item));
  }
  return fc.constant(value);
}

test.each([
  ["zero and its negative", 0, -0], ["a number and a bigint", 5, 5n], ["a number and its text", 1, "1"], ["null and false", null, false],
  ["bytes and a list", Uint8Array.of(1, 2), [1, 2]], ["bytes and a text", Uint8Array.of(97), "a"], ["two kinds of typed arrays", new Int16Array(2), new Uint16Array(2)],
  ["a list and the same nested", [1, [2]], [[1], 2]], ["a list and a map", [], {}], ["a key and none", { a: null }, {}],
  ["a date and its number", new Date(5), 5], ["the last bit of a double", 0.1 + 0.2, 0.3], ["an infinity and its negative", Infinity, -Infinity],
  ["32 bits and one more", 2 ** 31, 2 ** 31 - 1], ["a float32 and the double beside it", Math.fround(0.1), 0.1],
])("CanonicalBytes: %s are not the same", (_, a, b) => {
  expect(of(a)).not.toBe(of(b));
});

test("CanonicalBytes: every NaN is the same, alone and in arrays of floats", () => {
  const signalling = Uint8Array.of(0xcb, 0xff, 0xf8, 0, 0, 0, 0, 1, 2);
  expect(bytesOf(signalling)).toBe(of(NaN));
  expect(bytesOf(Uint8Array.of(0xca, 0x7f, 0xa0, 0, 1))).toBe(of(NaN));
  const odd64 = new Float64Array(new BigUint64Array([0x7ff0_0000_0000_0001n, 0xfff8_dead_beef_0000n, 0x3ff0_0000_0000_0000n]).buffer);
  expect(of(odd64)).toBe(of(Float64Array.of(NaN, NaN, 1)));
  const odd32 = new Float32Array(new Uint32Array([0xffc0_0001, 0x7f80_0001, 0x7f80_0000]).buffer);
  expect(of(odd32)).toBe(of(Float32Array.of(NaN, NaN, Infinity)));
});

test("CanonicalBytes: a key that comes twice counts as its last, a number as a key as its name", () => {
  const a = 0xa1, twice = Uint8Array.of(0x83, a, 97, 1, a, 98, 3, a, 97, 2);
  expect(decodeValue(twice)).toEqual({ a: 2, b: 3 });
  expect(bytesOf(twice)).toBe(of({ a: 2, b: 3 }));
  const numbered = Uint8Array.of(0x81, 7, 1);
  expect(decodeValue(numbered)).toEqual({ 7: 1 });
  expect(bytesOf(numbered)).toBe(of({ 7: 1 }));
});

test("CanonicalBytes: a part of a millisecond counts as in the Date that it becomes", () => {
  const spelled = new DataView(new ArrayBuffer(15));
  spelled.setUint8(0, 0xc7);
  spelled.setUint8(1, 12);
  spelled.setInt8(2, -1);
  spelled.setUint32(3, 999_500_000);
  spelled.setBigInt64(7, -1n);
  const encoded = new Uint8Array(spelled.buffer);
  expect(bytesOf(encoded)).toBe(of(decodeValue(encoded)));
});

test("CanonicalBytes: any well-formed bytes have some, and what decodes has those of its value (R9)", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
    if (!isWellFormedValue(bytes)) return;
    const found = bytesOf(bytes);
    let value: Value;
    try {
      value = decodeValue(bytes);
      encodeValue(value);
    } catch {
      return; // no value of ours: it is itself alone
    }
    // A text that is no Unicode stays what it is, so that it passes for no other.
    if (!Buffer.from(bytes).toString("latin1").match(/[\x80-\xff]/)) expect(found).toBe(of(value));
  }), { numRuns: 2_000 });
});

test("CanonicalBytes: unordered, the elements of a list count in any order and with how often they come", () => {
  fc.assert(fc.property(fc.array(anyValue, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (list, draws) => {
    const shuffled = shuffle(list, draws);
    expect(of(shuffled, true)).toBe(of(list, true));
    expect(of({ primes: shuffled, n: 1 }, true)).toBe(of({ n: 1, primes: list }, true));
  }));
  expect(of([1, 2], true)).not.toBe(of([1, 2, 2], true));
  expect(of([1, 2], true)).not.toBe(of([1, 3], true));
  expect(of([3, 1, 2])).not.toBe(of([1, 2, 3]));
  expect(of(Float64Array.of(3, -1, 2), true)).toBe(of(Float64Array.of(2, 3, -1), true));
  expect(of(Uint8Array.of(3, 1, 2), true)).toBe(of(Uint8Array.of(1, 2, 3), true));
});

test("CanonicalBytes: unordered, a list inside of a list keeps its order", () => {
  expect(of([[1, 2], [3, 4]], true)).toBe(of([[3, 4], [1, 2]], true));
  expect(of([[1, 2], [3, 4]], true)).not.toBe(of([[2, 1], [3, 4]], true));
  expect(of([{ at: [1, 2] }], true)).not.toBe(of([{ at: [2, 1] }], true));
  expect(of([Uint8Array.of(1, 2)], true)).not.toBe(of([Uint8Array.of(2, 1)], true));
});

function shuffle<T>(list: readonly T[], draws: Iterator<number>): T[] {
  const left = [...list];
  return list.flatMap(() => {
    const draw: unknown = draws.next().value;
    return left.splice(typeof draw === "number" ? draw % left.length : 0, 1);
  });
}
