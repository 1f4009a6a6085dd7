import fc from "fast-check";
import { expect, test } from "vitest";
import type { Tolerance } from "../../../protocol/http/verification.ts";
import type { Value } from "../../../protocol/value.ts";
import { isClose } from "./tolerance.ts";

const TENTH: Tolerance = { absolute: 0.1 };
const PERCENT: Tolerance = { relative: 0.01 };

test.each<[string, Value, Value, Tolerance, boolean]>([
  ["a difference up to absolute", 1, 1.1, { absolute: 0.1000001 }, true],
  ["one past it", 1, 1.11, TENTH, false],
  ["a difference up to relative times the larger", 100, 99, PERCENT, true],
  ["one past it", 100, 98.9, PERCENT, false],
  ["either of the two", 0, 0.05, { relative: 0.01, absolute: 0.1 }, true],
  ["a tiny number and zero, by relative alone", 0, 1e-300, PERCENT, false],
  ["two numbers of different sign", -1e-9, 1e-9, PERCENT, false],
  ["NaN and NaN", NaN, NaN, TENTH, true],
  ["NaN and a number", NaN, 1, { absolute: 1e9 }, false],
  ["an infinity and itself", Infinity, Infinity, PERCENT, true],
  ["an infinity and its negative", Infinity, -Infinity, { absolute: Number.MAX_VALUE }, false],
  ["an infinity and the largest number", Infinity, Number.MAX_VALUE, { relative: 1 }, false],
  ["zero and its negative", 0, -0, PERCENT, true],
  ["numbers deep inside", { a: [1, { b: 2 }] }, { a: [1.05, { b: 2.05 }] }, TENTH, true],
  ["one of them too far", { a: [1, { b: 2 }] }, { a: [1.05, { b: 2.2 }] }, TENTH, false],
  ["keys in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, TENTH, true],
  ["another key", { a: 1 }, { b: 1 }, TENTH, false],
  ["a key more", { a: 1 }, { a: 1, b: 1 }, TENTH, false],
  ["a list and a longer one", [1, 2], [1, 2, 3], TENTH, false],
  ["a list and a map", [], {}, TENTH, false],
  ["a map and a date", {}, new Date(0), TENTH, false],
  ["a typed array and a close one", Float64Array.of(1, NaN), Float64Array.of(1.05, NaN), TENTH, true],
  ["a typed array and one too far", Float32Array.of(1, 2), Float32Array.of(1, 2.2), TENTH, false],
  ["two kinds of typed arrays", Float32Array.of(1), Float64Array.of(1), TENTH, false],
  ["a typed array and a list", Float64Array.of(1), [1], TENTH, false],
  ["bytes that differ by one", Uint8Array.of(7, 255), Uint8Array.of(8, 254), { absolute: 1 }, true],
  ["bytes that differ by two", Uint8Array.of(7), Uint8Array.of(9), { absolute: 1 }, false],
  ["two bigints", 10n, 11n, { absolute: 5 }, false],
  ["a bigint and itself", 10n, 10n, TENTH, true],
  ["arrays of bigints", BigInt64Array.of(1n), BigInt64Array.of(2n), { absolute: 5 }, false],
  ["a number and a bigint", 1, 1n, TENTH, false],
  ["a text and itself", "a", "a", TENTH, true],
  ["two texts", "1.0", "1.05", TENTH, false],
  ["two dates", new Date(1), new Date(2), { absolute: 5 }, false],
  ["null and zero", null, 0, TENTH, false],
])("isClose: %s (%#)", (_, a, b, tolerance, close) => {
  expect(isClose(a, b, tolerance)).toBe(close);
  expect(isClose(b, a, tolerance)).toBe(close);
});

test("isClose: each value is close to itself, and what moved by less than the bound is close", () => {
  const nested = fc.letrec<{ value: Value }>((tie) => ({ value: fc.oneof({ maxDepth: 3 }, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.string(), fc.array(tie("value")), fc.dictionary(fc.string().filter((key) => key !== "__proto__"), tie("value"), { noNullPrototype: true })) })).value;
  fc.assert(fc.property(nested, fc.double({ min: -0.49, max: 0.49, noNaN: true }), (value, by) => {
    expect(isClose(value, value, { absolute: 0 })).toBe(true);
    expect(isClose(value, moved(value, by), { absolute: 0.5 })).toBe(true);
  }));
});

function moved(value: Value, by: number): Value {
  if (typeof value === "number") return value + by;
  if (Array.isArray(value)) return value.map((item: Value) => moved(item, by));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, Value]) => [key, moved(item, by)]));
}
