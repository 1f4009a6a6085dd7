import { expect, test } from "vitest";
import { MAX_MAIL_ATTEMPTS, retryDelayMs } from "./retry-delay.ts";

test("retryDelayMs: doubles from a second to an hour, then gives up", () => {
  const delays = Array.from({ length: MAX_MAIL_ATTEMPTS }, (_, i) => retryDelayMs(i + 1));
  expect(delays.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(delays.slice(12, 14)).toEqual([3_600_000, 3_600_000]);
  expect(delays.at(-1)).toBeNull();
  expect(delays.filter((delay) => delay === null)).toHaveLength(1);
});
