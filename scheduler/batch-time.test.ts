import { describe, expect, it } from "vitest";
import { batchTimeMs } from "./batch-time.ts";

describe("batchTimeMs", () => {
  it("is the target where the network is quick and Compute Servers stay", () => {
    expect(batchTimeMs({ targetMs: 1_000, roundTripMs: 0, meanStayMs: Infinity })).toBe(1_000);
    expect(batchTimeMs({ targetMs: 1_000, roundTripMs: 40, meanStayMs: 300_000 })).toBe(1_000);
  });

  it("covers two round trips of a slow link, up to a bound", () => {
    expect(batchTimeMs({ targetMs: 1_000, roundTripMs: 800, meanStayMs: Infinity })).toBe(1_600);
    expect(batchTimeMs({ targetMs: 1_000, roundTripMs: 60_000, meanStayMs: Infinity })).toBe(10_000);
  });

  it("is shorter where Compute Servers hardly stay: √(2cM)", () => {
    expect(batchTimeMs({ targetMs: 1_000, roundTripMs: 5, meanStayMs: 16_000 })).toBe(400);
  });
});
