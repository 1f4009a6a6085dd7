import { expect, test } from "vitest";
import { Watch } from "./watch.ts";

test("Watch: counts silence in ticks, and a sign of life ends it", () => {
  const watch = new Watch(0);
  for (let now = 100; now <= 700; now += 100) watch.tick(now);
  expect(watch.silentMs).toBe(700);
  watch.heard(750);
  watch.tick(800);
  expect(watch.silentMs).toBe(50);
});

test("Watch: a page that was frozen for ten minutes has not waited ten minutes", () => {
  const watch = new Watch(0);
  watch.tick(100);
  watch.tick(600_100);
  expect(watch.silentMs).toBe(1_100);
});

test("Watch: announced silence is allowed for", () => {
  const watch = new Watch(0);
  watch.heard(0, 500);
  for (let now = 100; now <= 600; now += 100) watch.tick(now);
  expect(watch.silentMs).toBe(100);
});
