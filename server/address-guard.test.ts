import { beforeEach, expect, test } from "vitest";
import { AddressGuard, isLoopback } from "./address-guard.ts";
import { networkOf } from "./http/client-address.ts";
import { ADDRESS_LIMITS, LOOPBACK_LIMITS, REMEMBERED_ADDRESSES } from "./limits.ts";

let refused: string[];
beforeEach(() => { refused = []; });
const guardOf = (set = {}) => new AddressGuard(set, (limit) => refused.push(limit));

test("isLoopback: this machine and no other", () => {
  expect(["127.0.0.1", "::1", "127.8.8.8"].map((address) => isLoopback(networkOf(address)))).toEqual([true, true, true]);
  expect(["10.0.0.1", "fe80::1", "2001:db8::1", "unknown"].map((address) => isLoopback(networkOf(address)))).toEqual([false, false, false, false]);
});

test("AddressGuard.limitOf: this machine's own addresses have more, unless the operator said how much", () => {
  const guard = guardOf({ streamsPerAddress: 3 });
  expect(guard.limitOf("linksPerAddress", "192.0.2.1")).toBe(ADDRESS_LIMITS.linksPerAddress);
  expect(guard.limitOf("linksPerAddress", "127.0.0.1")).toBe(LOOPBACK_LIMITS.linksPerAddress);
  expect([guard.limitOf("streamsPerAddress", "127.0.0.1"), guard.limitOf("streamsPerAddress", "192.0.2.1")]).toEqual([3, 3]);
});

test("AddressGuard.count: past its rate an address is refused, another is not", async () => {
  const guard = guardOf({ requestsPerMinute: 2 });
  expect(await guard.count("requestsPerMinute", "a")).toMatchObject({ limit: 2, left: 1, passed: false });
  expect(await guard.count("requestsPerMinute", "a")).toMatchObject({ left: 0, passed: false });
  expect(await guard.count("requestsPerMinute", "a")).toMatchObject({ left: 0, passed: true });
  expect(await guard.count("requestsPerMinute", "b")).toMatchObject({ left: 1, passed: false });
  expect(await guard.count("submissionsPerMinute", "a")).toMatchObject({ passed: false });
  expect(refused).toEqual(["requestsPerMinute"]);
});

test("AddressGuard.count: remembers no more addresses than its limit, and those that are busy the longest (R9)", async () => {
  const guard = guardOf({ requestsPerMinute: 2 });
  const busy = () => guard.count("requestsPerMinute", "busy");
  await guard.count("requestsPerMinute", "still");
  await guard.count("requestsPerMinute", "still");
  await busy();
  for (let i = 0; i < REMEMBERED_ADDRESSES; i++) {
    await guard.count("requestsPerMinute", String(i));
    if (i === REMEMBERED_ADDRESSES / 2) await busy();
  }
  expect((await busy()).passed).toBe(true);
  // It was forgotten, so that it begins anew.
  expect((await guard.count("requestsPerMinute", "still")).left).toBe(1);
});

test("AddressGuard.enter: counts what is open until it is left, once", () => {
  const guard = guardOf({ linksPerAddress: 2 });
  const [first, second] = [guard.enter("linksPerAddress", "a"), guard.enter("linksPerAddress", "a")];
  expect(guard.enter("linksPerAddress", "a")).toBeUndefined();
  expect(guard.enter("linksPerAddress", "b")).toBeDefined();
  first?.leave();
  first?.leave();
  expect(guard.enter("linksPerAddress", "a")).toBeDefined();
  expect(guard.enter("linksPerAddress", "a")).toBeUndefined();
  second?.leave();
  expect(guard.enter("linksPerAddress", "a")).toBeDefined();
  expect(refused).toEqual(["linksPerAddress", "linksPerAddress"]);
});
