import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonErrorLine } from "./json-error-line.ts";

test("jsonErrorLine: the line of what should not be there", () => {
  expect(jsonErrorLine("[\n  1,\n  2,,\n  3\n]")).toBe(3);
  expect(jsonErrorLine('{\n  "a": 1\n  "b": 2\n}')).toBe(3);
  expect(jsonErrorLine("[1,\n2,\n]")).toBe(3);
  expect(jsonErrorLine("[1]\n[2]")).toBe(2);
  expect(jsonErrorLine('["a\nb"]')).toBe(1);
  expect(jsonErrorLine("{a: 1}")).toBe(1);
  expect(jsonErrorLine("[\n01]")).toBe(2);
});

test("jsonErrorLine: what is unfinished ends at its last line", () => {
  expect(jsonErrorLine("[\n  1,\n  2\n\n")).toBe(3);
});

test("jsonErrorLine: a fault put into any JSON text is found at its line, not before", () => {
  fc.assert(fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (value, seed) => {
    const lines = JSON.stringify(value, null, 1).split("\n");
    const at = seed % lines.length;
    const broken = [...lines.slice(0, at), `@${lines[at] ?? ""}`, ...lines.slice(at + 1)].join("\n");
    expect(jsonErrorLine(broken)).toBe(at + 1);
  }));
});
