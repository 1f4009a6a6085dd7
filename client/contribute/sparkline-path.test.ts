import { expect, test } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

test("sparklinePath: from the oldest at the left to the newest at the right, the highest at the top", () => {
  expect(sparklinePath([0, 5, 10], 100, 20)).toEqual({ line: "M0,20L50,10L100,0", area: "M0,20L50,10L100,0L100,20L0,20Z", highest: 10 });
});

test("sparklinePath: zeros lie at the bottom, one value and none draw without a fault", () => {
  expect(sparklinePath([0, 0], 10, 4).line).toBe("M0,4L10,4");
  expect(sparklinePath([3], 10, 4).line).toBe("M0,0");
  expect(sparklinePath([], 10, 4)).toEqual({ line: "", area: "", highest: 0 });
});
