import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RankedQueues } from "./ranked-queues.ts";

const COUNT = 5;

describe("RankedQueues", () => {
  it("keeps every queue's length, their order, how many are busy and all their tasks, whatever joins and leaves", () => {
    const moves = fc.array(fc.record({ queue: fc.nat({ max: COUNT - 1 }), join: fc.boolean() }), { maxLength: 300 });
    fc.assert(fc.property(moves, (steps) => {
      const queues = new RankedQueues(COUNT);
      const lengths = Array.from({ length: COUNT }, () => 0);
      for (const { queue, join } of steps) {
        const length = lengths[queue] ?? 0;
        if (join) queues.join(queue);
        else expect(queues.leave(queue)).toBe(length > 0);
        lengths[queue] = Math.max(0, length + (join ? 1 : -1));
        expect(lengths.map((_, at) => queues.lengthOf(at))).toEqual(lengths);
        const byRank = lengths.map((_, rank) => queues.queueAt(rank));
        expect(new Set(byRank).size).toBe(COUNT);
        expect(byRank.map((at) => lengths[at])).toEqual(lengths.toSorted((a, b) => a - b));
        expect(queues.busy).toBe(lengths.filter((one) => one > 0).length);
        expect(queues.tasks).toBe(lengths.reduce((sum, one) => sum + one, 0));
      }
    }));
  });

  it("join: a queue may grow without bound", () => {
    const queues = new RankedQueues(2);
    for (let i = 0; i < 1_000; i++) queues.join(1);
    expect([queues.lengthOf(0), queues.lengthOf(1), queues.queueAt(0), queues.queueAt(1), queues.tasks]).toEqual([0, 1_000, 0, 1, 1_000]);
    for (let i = 0; i < 1_000; i++) queues.leave(1);
    expect([queues.tasks, queues.busy, queues.leave(1)]).toEqual([0, 0, false]);
  });
});
