import { describe, expect, it } from "vitest";
import { countIndexes } from "../protocol/index-range.ts";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { lacking } from "./requirements.ts";
import { Scheduler } from "./scheduler.ts";

const offer = { engine: "chromium-120", capabilities: new Set(["wasm"]), memoryMiB: 2_048 };

describe("lacking", () => {
  it("nothing is required, or all is there", () => {
    expect(lacking(undefined, offer)).toEqual([]);
    expect(lacking({}, offer)).toEqual([]);
    expect(lacking({ capabilities: ["wasm"], engine: "chromium", memoryMiB: 2_048 }, offer)).toEqual([]);
    expect(lacking({ engine: "chromium-99" }, offer)).toEqual([]);
  });

  it("names everything that is missing", () => {
    expect(lacking({ capabilities: ["wasm", "wasm-gc", "wasm-simd"], engine: "chromium-121", memoryMiB: 4_096 }, offer)).toEqual([
      "wasm-gc", "wasm-simd", "chromium-121 (it is chromium-120)", "4096 MiB of memory (it has 2048)",
    ]);
    expect(lacking({ engine: "firefox" }, offer)).toEqual(["firefox (it is chromium-120)"]);
    expect(lacking({ engine: "firefox", memoryMiB: 1 }, { engine: "", capabilities: new Set(), memoryMiB: null })).toEqual([
      "firefox (it is unknown)", "1 MiB of memory (it does not tell how much it has)",
    ]);
  });
});

describe("mayRunOn", () => {
  const simd = ["wasm", "wasm-simd"];

  it("decide: a job goes only where what it requires was declared", () => {
    const scheduler = gridOf("plain");
    const needs = jobSpec("needs", { tasks: 100, requires: { capabilities: ["wasm-simd"], memoryMiB: 2_048, engine: "chromium-120" } });
    expect(only("assign", scheduler.handle({ type: "job-submitted", job: needs }, 0))).toEqual([]);
    for (const [name, offer] of [
      ["old", { engine: "chromium-119", capabilities: simd, memoryMiB: 4_096 }], ["small", { engine: "chromium-130", capabilities: simd, memoryMiB: 1_024 }],
      ["silent", { engine: "chromium-130", capabilities: simd }], ["other", { engine: "firefox-130", capabilities: simd, memoryMiB: 4_096 }],
    ] as const) expect(only("assign", scheduler.handle(registered(name, offer), 0)), name).toEqual([]);
    const fits = registered("fits", { engine: "chromium-120", capabilities: simd, memoryMiB: 2_048 });
    expect(the("assign", scheduler.handle(fits, 1)).computeServerId).toBe(serverId("fits"));
  });

  it("decide: idle Compute Servers that a job may not run on take nothing back from those that it runs on, and copy nothing", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle(registered("fits", { capabilities: simd, leaseMs: 1_000_000 }), 0);
    scheduler.handle(registered("plain", { leaseMs: 1_000_000 }), 0);
    const probe = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("needs", { tasks: 1_000, requires: { capabilities: ["wasm-simd"] } }) }, 0));
    const batches = only("assign", scheduler.handle(outcomesOf(probe, { busyMs: 100 }), 100));
    expect(batches).toHaveLength(2);
    for (let nowMs = 200; nowMs < 60_000; nowMs += 500) {
      expect(scheduler.handle({ type: "tick" }, nowMs).filter(({ type }) => type === "revoke" || type === "assign")).toEqual([]);
    }
    // Late by far: whoever may run it would get a copy.
    expect(only("assign", scheduler.handle(registered("other", { capabilities: simd }), 60_000)).length).toBeGreaterThan(0);
  });

  it("decide: a task that failed on the one Compute Server that fits is tried there again at once", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle(registered("fits", { capabilities: simd }), 0);
    scheduler.handle(registered("plain"), 0);
    const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("needs", { tasks: 1, requires: { capabilities: ["wasm"] } }) }, 0));
    const again = the("assign", scheduler.handle(outcomesOf(first, { failed: [0] }), 10));
    expect([again.computeServerId, countIndexes(again.ranges)]).toEqual([serverId("fits"), 1]);
  });

  it("decide: a Compute Server that comes back with more gets what it fits now", () => {
    const scheduler = gridOf("a", "b");
    scheduler.handle({ type: "job-submitted", job: jobSpec("needs", { requires: { engine: "webkit" } }) }, 0);
    const back = scheduler.handle(registered("a", { engine: "webkit-26" }), 10);
    expect(the("assign", back).computeServerId).toBe(serverId("a"));
  });
});
