import * as fc from "fast-check";
import { expect, test } from "vitest";
import { computeServersSchema, type ComputeServerView } from "../../protocol/http/registry.ts";
import { isServerOrder, ORDERS, orderServers } from "./server-order.ts";

const servers = computeServersSchema.parse({
  total: 4,
  computeServers: [[3, 10, "delta"], [0, 40, "alpha"], [3, 30, "charlie"], [1, 20, "bravo"]].map(([runningTasks, tasksCompleted, name], i) => ({
    computeServerId: `server-00${i}`, name, engine: "chromium-156", capabilities: [], memoryMiB: null, connected: true, leaseLeftMs: 1_000, slots: 4, runningTasks, queuedTasks: 0, jobId: null, waitingFor: null,
    statistics: { tasksCompleted, tasksFailed: 0, checksPassed: 0, checksFailed: 0, totalTimeMs: 100, lastCompletionAt: null, speed: 1, registeredAt: i },
  })),
}).computeServers;
const names = (ordered: readonly ComputeServerView[]) => ordered.map(({ name }) => name);

test("orderServers: most tasks done first; by name from a to z; newest first", () => {
  expect(names(orderServers(servers, "done"))).toEqual(["alpha", "charlie", "bravo", "delta"]);
  expect(names(orderServers(servers, "name"))).toEqual(["alpha", "bravo", "charlie", "delta"]);
  expect(names(orderServers(servers, "registered"))).toEqual(["bravo", "charlie", "alpha", "delta"]);
});

test("orderServers: equals stay in one order however the hub lists them", () => {
  fc.assert(fc.property(fc.shuffledSubarray(servers, { minLength: 4 }), fc.constantFrom(...ORDERS), (shuffled, { value }) => {
    expect(names(orderServers(shuffled, value))).toEqual(names(orderServers(servers, value)));
  }));
});

test("isServerOrder: every offered order is one, nothing else is", () => {
  for (const { value } of ORDERS) expect(isServerOrder(value)).toBe(true);
  for (const other of ["", "toString", "lease"]) expect(isServerOrder(other)).toBe(false);
});
