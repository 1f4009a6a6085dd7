import { describe, expect, it } from "vitest";
import { ComputeServer } from "./compute-server.ts";
import { serverId } from "./fake-events.ts";
import { grantLease } from "./lease.ts";
import { TaskTiming } from "./task-timing.ts";

function server(name: string, order: number): ComputeServer {
  return new ComputeServer(serverId(name), order, grantLease(1_000, 1_000, 0), 0);
}

describe("TaskTiming", () => {
  it("measure: follows the slot time of a task", () => {
    const timing = new TaskTiming();
    const a = server("a", 0);
    expect(timing.profile(a)).toBeUndefined();
    expect(timing.measure(a, { tasks: 10, busyMs: 100, wallMs: 500, batchTasks: 10 })).toBe(100);
    expect(timing.profile(a)).toMatchObject({ taskMs: 10, largestBatch: 10, timed: true });
    for (let i = 0; i < 500; i++) timing.measure(a, { tasks: 10, busyMs: 200, wallMs: 500, batchTasks: 20 });
    expect(timing.profile(a)?.taskMs).toBeCloseTo(20, 2);
    expect(timing.profile(a)?.largestBatch).toBe(20);
  });

  it("measure: wall time bounds what the tab's clock can not measure, until it can", () => {
    const timing = new TaskTiming();
    const a = server("a", 0);
    expect(timing.measure(a, { tasks: 2, busyMs: 0, wallMs: 50, batchTasks: 2 })).toBe(50);
    expect(timing.profile(a)).toMatchObject({ taskMs: 25, largestBatch: 2, timed: false });
    timing.measure(a, { tasks: 4, busyMs: 2, wallMs: 50, batchTasks: 4 });
    expect(timing.profile(a)).toMatchObject({ taskMs: 0.5, largestBatch: 4, timed: true });
    timing.measure(a, { tasks: 4, busyMs: 0, wallMs: 5_000, batchTasks: 4 });
    expect(timing.profile(a)?.taskMs).toBe(0.5);
  });

  it("measure: tells a fast Compute Server from a slow one", () => {
    const timing = new TaskTiming();
    const [fast, slow] = [server("fast", 0), server("slow", 1)];
    for (let i = 0; i < 20; i++) {
      timing.measure(fast, { tasks: 4, busyMs: 40, wallMs: 40, batchTasks: 4 });
      timing.measure(slow, { tasks: 1, busyMs: 40, wallMs: 40, batchTasks: 1 });
    }
    expect(fast.statistics.speed / slow.statistics.speed).toBeCloseTo(4, 0);
  });

  it("expectedTaskMs: of a Compute Server that was not measured goes by the mean and its speed", () => {
    const timing = new TaskTiming();
    const [measured, fresh] = [server("measured", 0), server("fresh", 1)];
    expect(timing.expectedTaskMs(fresh)).toBeUndefined();
    timing.measure(measured, { tasks: 1, busyMs: 100, wallMs: 100, batchTasks: 1 });
    fresh.statistics.measureSpeed(2, 1);
    expect(timing.expectedTaskMs(fresh)).toBe(50);
  });
});
