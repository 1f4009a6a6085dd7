import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("printable: nothing of it steers a terminal or turns the reading order, and all else stays as it is", () => {
  expect(printable("żółw 👍🏽 100 %")).toBe("żółw 👍🏽 100 %");
  expect(printable("\u001B[2J\u0007\u009B31m")).toBe(String.raw`\u{1b}[2J\u{7}\u{9b}31m`);
  expect(printable("exe.\u202Egpj")).toBe(String.raw`exe.\u{202e}gpj`);
  expect(printable("two\nlines\tand a tab")).toBe("two lines and a tab");
});
