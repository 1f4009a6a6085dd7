import { expect, test } from "vitest";
import { codeLines } from "./code-lines.ts";

test("codeLines: a source of usual size is whole", () => {
  expect(codeLines("a\n\nb")).toEqual({
    lines: [{ number: 1, text: "a" }, { number: 2, text: "" }, { number: 3, text: "b" }],
    complete: true,
  });
});

test("codeLines: many lines, and one endless line, are cut and say so", () => {
  const long = codeLines("x\n".repeat(5_000));
  expect(long.lines).toHaveLength(2_000);
  expect(long.complete).toBe(false);
  const wide = codeLines("x".repeat(1_000_000));
  expect(wide.lines[0]?.text).toHaveLength(256 * 1024);
  expect(wide.complete).toBe(false);
});
