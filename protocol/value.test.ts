import fc from "fast-check";
import { expect, test } from "vitest";
import { isWellFormedValue } from "./value-check.ts";
import { jsonToValue, valueToJson, type Json } from "./value-json.ts";
import { decodeValue, encodeValue, type Value } from "./value.ts";

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null), fc.boolean(), fc.double(), fc.integer(), fc.maxSafeInteger(), fc.string({ unit: "binary" }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.uint8Array(), fc.float64Array(), fc.int16Array(),
  fc.date({ noInvalidDate: true, min: new Date(-8.64e12), max: new Date(8.64e12) }),
);
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string().filter((key) => key !== "__proto__"), tie("value"), { maxKeys: 20, noNullPrototype: true })),
}));

test("encodeValue: every value comes back as it was, -0, NaN and typed arrays too", () => {
  fc.assert(fc.property(anyValue, (value) => {
    const bytes = encodeValue(value);
    expect(isWellFormedValue(bytes)).toBe(true);
    expect(decodeValue(bytes)).toStrictEqual(value);
  }));
});

test("valueToJson: tagged JSON brings back every value but the type of typed arrays", () => {
  fc.assert(fc.property(anyValue, (value) => {
    const json: Json = JSON.parse(JSON.stringify(valueToJson(value)));
    expect(valueToJson(jsonToValue(json))).toStrictEqual(json);
  }));
  const all = { at: new Date(5), big: 7n, bytes: Uint8Array.of(1, 2), odd: [NaN, -0, Infinity] };
  expect(valueToJson(all)).toStrictEqual({
    at: { $date: "1970-01-01T00:00:00.005Z" }, big: { $bigint: "7" }, bytes: { $bytes: "AQI=" },
    odd: [{ $number: "NaN" }, { $number: "-0" }, { $number: "Infinity" }],
  });
  expect(jsonToValue(valueToJson(all))).toStrictEqual(all);
});

test.each([
  [{ tiles: [1, { draw: () => 1 }] }, "$.tiles[1].draw"],
  [[new Map()], "$[0]: it is a Map"],
  [{ a: Symbol("x") }, "$.a: it is a symbol"],
  [[undefined], "$[0]: it is undefined"],
  [{ n: 2n ** 64n }, "$.n: it is a bigint past 64 bits"],
  [{ safe: JSON.parse('{"__proto__":1}') }, "$.safe.__proto__"],
  [new Date(Number.NaN), "$: it is an invalid Date"],
])("encodeValue: what cannot be carried is named with its path (%#)", (value, named) => {
  expect(() => encodeValue(value)).toThrow(named);
});

test("encodeValue: a value that is part of itself is refused", () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  expect(() => encodeValue(loop)).toThrow(/nested deeper than 64/);
});

test("isWellFormedValue: agrees with the decoder on any bytes (R9)", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    if (isWellFormedValue(bytes)) return;
    expect(() => decodeValue(bytes)).toThrow(/Cannot decode a value/);
  }), { numRuns: 2000 });
  fc.assert(fc.property(anyValue, fc.nat(), (value, cut) => {
    const bytes = encodeValue(value);
    expect(isWellFormedValue(bytes.subarray(0, cut % bytes.byteLength))).toBe(false);
  }));
});
