import { describe, expect, it } from "vitest";
import { grantLease, renewLease } from "./lease.ts";

describe("grantLease", () => {
  it("gives what was asked for, or less where the grantor grants less", () => {
    expect(grantLease(5_000, Infinity, 100)).toEqual({ durationMs: 5_000, endsAtMs: 5_100 });
    expect(grantLease(5_000, 2_000, 100)).toEqual({ durationMs: 2_000, endsAtMs: 2_100 });
  });

  it("gives for ever where both are willing", () => {
    expect(grantLease(Infinity, Infinity, 100).endsAtMs).toBe(Infinity);
    expect(grantLease(Infinity, 60_000, 100).endsAtMs).toBe(60_100);
  });
});

describe("renewLease", () => {
  it("begins the same time anew", () => {
    const lease = grantLease(5_000, Infinity, 0);
    renewLease(lease, 4_000);
    expect(lease).toEqual({ durationMs: 5_000, endsAtMs: 9_000 });
  });
});
