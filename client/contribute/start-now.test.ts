import { expect, test } from "vitest";
import { asksToStart, START_NOW } from "./start-now.ts";

test("asksToStart: only what the home page's button sends", () => {
  expect(asksToStart(START_NOW)).toBe(true);
  for (const other of [null, undefined, "1", { startNow: "1" }, { start: true }]) expect(asksToStart(other)).toBe(false);
});
