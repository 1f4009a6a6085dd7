import { expect, test } from "vitest";
import { durationInWords, listInWords, quantityInWords } from "./words.ts";

test("quantityInWords, listInWords", () => {
  expect([quantityInWords(1, "Slot"), quantityInWords(0, "Slot"), quantityInWords(12, "job")]).toEqual(["1 Slot", "0 Slots", "12 jobs"]);
  expect([listInWords([]), listInWords(["a"]), listInWords(["a", "b"]), listInWords(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("durationInWords: one unit, the one that people would use", () => {
  expect([0, 999, 1_000, 119_000, 120_000, 7_199_000, 7_200_000].map(durationInWords)).toEqual(["less than a second", "less than a second", "1 s", "119 s", "2 min", "120 min", "2 h"]);
});
