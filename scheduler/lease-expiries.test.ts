import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantLease, renewLease, type Lease } from "./lease.ts";
import { LeaseExpiries } from "./lease-expiries.ts";

interface Holder {
  readonly name: string;
  lease: Lease;
}

function holder(name: string, leaseMs: number): Holder {
  return { name, lease: grantLease(leaseMs, Infinity, 0) };
}

describe("LeaseExpiries", () => {
  it("takeExpired: a lease is over at its end, not before", () => {
    const expiries = new LeaseExpiries<Holder>();
    const first = holder("first", 1_000);
    expiries.watch(first);
    expect(expiries.takeExpired(999)).toEqual([]);
    expect(expiries.nextMs()).toBe(1_000);
    expect(expiries.takeExpired(1_000)).toEqual([first]);
    expect(expiries.takeExpired(5_000)).toEqual([]);
  });

  it("takeExpired: a renewed lease ends later, and one granted anew for less ends sooner", () => {
    const expiries = new LeaseExpiries<Holder>();
    const renewed = holder("renewed", 1_000);
    const shortened = holder("shortened", Infinity);
    expiries.watch(renewed);
    expiries.watch(shortened);
    renewLease(renewed.lease, 900);
    shortened.lease = grantLease(500, Infinity, 900);
    expiries.watch(shortened);
    expect(expiries.nextMs()).toBe(1_400);
    expect(expiries.takeExpired(1_400)).toEqual([shortened]);
    expect(expiries.takeExpired(1_899)).toEqual([]);
    expect(expiries.takeExpired(1_900)).toEqual([renewed]);
  });

  it("forget: who left does not expire", () => {
    const expiries = new LeaseExpiries<Holder>();
    const gone = holder("gone", 1_000);
    expiries.watch(gone);
    expiries.forget(gone);
    expect(expiries.nextMs()).toBe(Infinity);
    expect(expiries.takeExpired(2_000)).toEqual([]);
  });

  it("takeExpired: agrees with looking at every lease, whatever is granted, renewed and forgotten", () => {
    const step = fc.record({ which: fc.nat(4), what: fc.constantFrom("grant", "renew", "forget", "wait"), ms: fc.integer({ min: 1, max: 50 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const expiries = new LeaseExpiries<Holder>();
      const holders = [0, 1, 2, 3, 4].map((name) => holder(String(name), Infinity));
      const registered = new Set<Holder>();
      let nowMs = 0;
      for (const { which, what, ms } of steps) {
        const chosen = holders[which];
        if (chosen === undefined) continue;
        if (what === "grant") { chosen.lease = grantLease(ms, Infinity, nowMs); registered.add(chosen); expiries.watch(chosen); }
        if (what === "renew" && registered.has(chosen)) renewLease(chosen.lease, nowMs);
        if (what === "forget") { registered.delete(chosen); expiries.forget(chosen); }
        if (what === "wait") nowMs += ms;
        const over = [...registered].filter(({ lease }) => lease.endsAtMs <= nowMs);
        expect(new Set(expiries.takeExpired(nowMs))).toEqual(new Set(over));
        for (const expired of over) registered.delete(expired);
        expect(expiries.nextMs()).toBe(Math.min(Infinity, ...[...registered].map(({ lease }) => lease.endsAtMs)));
      }
    }));
  });
});
