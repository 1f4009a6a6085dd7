import { expect, test } from "vitest";
import { duration } from "./duration.ts";

test.each([[0, "0 ms"], [400, "400 ms"], [59_400, "59 s"], [59_600, "1 min 0 s"], [3_725_000, "1 h 2 min"], [90_000_000, "1 d 1 h"]])("duration: %d ms read as %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});
