import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

test("Backoff: doubles up to ten seconds, at random in its upper half", () => {
  expect(Array.from({ length: 8 }, ((backoff) => () => backoff.nextMs())(new Backoff(() => 1)))).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(new Backoff(() => 0).nextMs()).toBe(125);
});

test("Backoff: the time that the hub told is waited on top, once", () => {
  const backoff = new Backoff(() => 1);
  backoff.hint(3_000);
  expect([backoff.nextMs(), backoff.nextMs()]).toEqual([3_250, 500]);
  backoff.succeeded();
  expect(backoff.nextMs()).toBe(250);
});
