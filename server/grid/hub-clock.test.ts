import { expect, test } from "vitest";
import { HubClock } from "./hub-clock.ts";

test("HubClock.nowMs: follows the system's clock, goes on where that is set back, and never falls", () => {
  let wallMs = 1_000_000;
  let steadyMs = 500;
  const clock = new HubClock(() => wallMs, () => steadyMs);
  const pass = (ms: number) => { wallMs += ms; steadyMs += ms; };
  expect(clock.nowMs()).toBe(1_000_000);
  pass(250);
  expect(clock.nowMs()).toBe(1_000_250);
  wallMs += 60_000; // set forward, or the machine slept
  expect(clock.nowMs()).toBe(1_060_250);
  wallMs -= 3_600_000; // set back
  expect(clock.nowMs()).toBe(1_060_250);
  pass(1_000.5);
  expect(clock.nowMs()).toBe(1_061_250);
  wallMs += 3_600_000; // and right again
  expect(clock.nowMs()).toBe(1_061_250);
  pass(10);
  expect(clock.nowMs()).toBe(1_061_260);
});
