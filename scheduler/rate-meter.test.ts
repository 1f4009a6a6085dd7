import { describe, expect, it } from "vitest";
import { RateMeter } from "./rate-meter.ts";

describe("RateMeter", () => {
  it("perSecond: is 0 before anything was counted", () => {
    expect(new RateMeter().perSecond(1000)).toBe(0);
  });

  it("perSecond: finds a steady rate soon and late", () => {
    const meter = new RateMeter();
    meter.start(0);
    for (let ms = 100; ms <= 2_000; ms += 100) meter.add(5, ms);
    expect(meter.perSecond(2_000)).toBeGreaterThan(45);
    for (let ms = 2_100; ms <= 60_000; ms += 100) meter.add(5, ms);
    expect(meter.perSecond(60_000)).toBeGreaterThan(48);
    expect(meter.perSecond(60_000)).toBeLessThan(52);
  });

  it("perSecond: fades when nothing comes", () => {
    const meter = new RateMeter();
    meter.start(0);
    meter.add(1000, 10_000);
    expect(meter.perSecond(70_000)).toBeLessThan(1);
    expect(meter.perSecond(70_000)).toBeGreaterThan(0);
    expect(meter.perSecond(600_000)).toBe(0);
  });
});
