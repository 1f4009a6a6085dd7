import { describe, expect, it } from "vitest";
import { batchIdSchema, computeServerIdSchema, type ComputeServerId } from "../protocol/ids.ts";
import type { FailureKind } from "../protocol/up/outcomes.ts";
import { IndexSet } from "./index-set.ts";
import { Retries, type UsableServers } from "./retries.ts";

const [a, b] = ["server-a", "server-b"].map((id) => computeServerIdSchema.parse(id));
let batches = 0;

function usable(...ids: (ComputeServerId | undefined)[]): UsableServers {
  return { usableCount: ids.length, isUsable: (id) => ids.includes(id) };
}

function fail(retries: Retries, index: number, server: ComputeServerId | undefined, kind: FailureKind = "error", batchId = batches++): boolean {
  if (server === undefined) throw new Error("Cannot fail a task: no Compute Server was named");
  return retries.note(index, { computeServerId: server, batchId: batchIdSchema.parse(batchId), kind, volunteer: server, vouched: false });
}

function take(retries: Retries, server: ComputeServerId | undefined, nowMs: number, servers: UsableServers): IndexSet {
  const taken = new IndexSet();
  if (server !== undefined) retries.take(10, server, nowMs, servers, taken);
  return taken;
}

describe("Retries", () => {
  it("take: a failed task goes to another Compute Server where there is one", () => {
    const retries = new Retries(3, 60_000);
    fail(retries, 7, a);
    retries.wait(7, 0);
    expect(take(retries, a, 0, usable(a, b)).count).toBe(0);
    expect(take(retries, b, 0, usable(a, b)).ranges()).toEqual([[7, 8]]);
    expect(retries.waitingCount).toBe(0);
  });

  it("take: where there is no other, the same may try again", () => {
    const retries = new Retries(3, 60_000);
    fail(retries, 7, a);
    retries.wait(7, 0);
    expect(take(retries, a, 0, usable(a)).ranges()).toEqual([[7, 8]]);
  });

  it("take: where the others do not take it in time, the same may try again", () => {
    const retries = new Retries(3, 60_000);
    fail(retries, 7, a);
    retries.wait(7, 100);
    expect(retries.patienceEndsAtMs(100)).toBe(60_100);
    expect(take(retries, a, 60_099, usable(a, b)).count).toBe(0);
    expect(take(retries, a, 60_100, usable(a, b)).count).toBe(1);
  });

  it("isExhausted: after maxAttempts failures", () => {
    const retries = new Retries(3, 60_000);
    fail(retries, 7, a);
    fail(retries, 7, b);
    expect(retries.isExhausted(7)).toBe(false);
    fail(retries, 7, a);
    expect(retries.isExhausted(7)).toBe(true);
  });

  it("isExhausted: a task that killed its slot three times is blamed, however many attempts are left", () => {
    const retries = new Retries(100, 60_000);
    fail(retries, 7, a, "slot-died");
    fail(retries, 7, b, "timeout");
    fail(retries, 7, b, "error");
    expect(retries.isExhausted(7)).toBe(false);
    fail(retries, 7, a, "slot-died");
    expect(retries.isExhausted(7)).toBe(true);
  });

  it("note: the same report twice is one attempt (R5)", () => {
    const retries = new Retries(2, 60_000);
    expect(fail(retries, 7, a, "error", 999_999)).toBe(true);
    expect(fail(retries, 7, a, "error", 999_999)).toBe(false);
    expect(retries.isExhausted(7)).toBe(false);
  });

  it("stopWaiting: takes a task out once", () => {
    const retries = new Retries(3, 60_000);
    fail(retries, 7, a);
    retries.wait(7, 0);
    expect(retries.countWithin(0, 10)).toBe(1);
    expect(retries.stopWaiting(7)).toBe(true);
    expect(retries.stopWaiting(7)).toBe(false);
    expect(retries.waitingCount).toBe(0);
  });
});
