import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { collectCapability, parseHubUrl, parseInteger, parseJson, parseRange, parseSlots } from "./option-values.ts";

test("parseRange: a is in the range, b is not", () => {
  expect(parseRange("1..100000")).toEqual({ start: 1, end: 100_000 });
  expect(parseRange("-5..5")).toEqual({ start: -5, end: 5 });
  expect(parseRange("0..10_000_000")).toEqual({ start: 0, end: 10_000_000 });
});

test.each(["", "1", "1..", "..1", "1...2", "1.5..2", "a..b", "1..2..3", "2..2", "5..1", "0..2000000000", "0..99999999999999999999"])("parseRange: %j is refused", (text) => {
  expect(() => parseRange(text)).toThrow(InvalidArgumentError);
});

test("parseJson: takes any JSON, and tells where it is none", () => {
  expect(parseJson('{"zoom":2}')).toEqual({ zoom: 2 });
  expect(() => parseJson("{zoom:2}")).toThrow(/It is not JSON: .*position 1/);
});

test("parseHubUrl: an address with or without its scheme, as an origin", () => {
  expect(parseHubUrl("grid.example:9000")).toBe("http://grid.example:9000");
  expect(parseHubUrl("https://grid.example/jobs")).toBe("https://grid.example");
  expect(() => parseHubUrl("ftp://grid.example")).toThrow(InvalidArgumentError);
});

test.each(["0", "-1", "1.5", "x", "100000"])("parseSlots: %j is refused", (text) => {
  expect(() => parseSlots(text)).toThrow(InvalidArgumentError);
});

test("parseInteger: whole numbers between its bounds alone", () => {
  const parse = parseInteger("A priority", -100, 100);
  expect([parse("-100"), parse("0"), parse("7")]).toEqual([-100, 0, 7]);
  for (const text of ["", "1.5", "1e1", "101", "-101", "x"]) expect(() => parse(text)).toThrow("A priority is a whole number from -100 to 100");
});

test("collectCapability: those that there are, in the order given", () => {
  expect(collectCapability("wasm-simd", ["wasm"])).toEqual(["wasm", "wasm-simd"]);
  expect(() => collectCapability("wasm-smid", [])).toThrow(/one of .*wasm-simd/);
});
