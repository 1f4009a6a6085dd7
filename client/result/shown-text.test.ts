import { expect, test } from "vitest";
import { joinedText, valueText } from "./shown-text.ts";

const SHOWN_AT_MOST = 310_000;

test("joinedText: a line a task, and no more of them than a page can show", () => {
  expect(joinedText([{ index: 0, value: "a" }, { index: 2, value: { n: 1 } }])).toBe('a\n{"n":1}');
  const long = joinedText(Array.from({ length: 5 }, (_, index) => ({ index, value: "x".repeat(200_000) })));
  expect(long.length).toBeLessThan(SHOWN_AT_MOST);
  expect(long).toMatch(/x\n…$/);
});

test("valueText: plain values as they are, others as JSON, and no more of it than a page can show", () => {
  expect([42, 2n ** 60n, "a", null, new Date(0)].map(valueText)).toEqual(["42", "1152921504606846976", "a", "null", "1970-01-01T00:00:00.000Z"]);
  expect(valueText({ a: new Uint8Array(1) })).toBe('{\n  "a": "1 byte"\n}');
  for (const huge of ["x".repeat(30_000_000), { text: "x".repeat(30_000_000) }]) {
    expect(valueText(huge).length).toBeLessThan(SHOWN_AT_MOST);
    expect(valueText(huge)).toMatch(/x\n…$/);
  }
});
