import { expect, test } from "vitest";
import { addressOf, filterOf } from "./gallery-filter.ts";

test("addressOf, filterOf: a filter comes back out of its address", () => {
  const filter = { q: "path tracer & co", tag: "räder/7" };
  expect(filterOf(new URLSearchParams(addressOf(filter).toString()))).toEqual(filter);
});

test("addressOf: nothing set, nothing written", () => {
  expect(addressOf({ q: "  ", tag: "" }).toString()).toBe("");
});
