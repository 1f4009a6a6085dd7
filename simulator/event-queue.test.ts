import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "./event-queue.ts";

function drain<T extends object | string | number>(queue: EventQueue<T>): T[] {
  const drained: T[] = [];
  for (let event = queue.pop(); event !== undefined; event = queue.pop()) drained.push(event.payload);
  return drained;
}

describe("EventQueue", () => {
  it("pop: by time, those of one instant in the order of pushing (R10)", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 3_000 }), (times) => {
      const queue = new EventQueue<{ atMs: number; index: number }>();
      const events = times.map((atMs, index) => ({ atMs, index }));
      for (const event of events) queue.push(event.atMs, event);
      expect(queue.size).toBe(times.length);
      expect(drain(queue)).toEqual(events.toSorted((a, b) => a.atMs - b.atMs || a.index - b.index));
      expect(queue.size).toBe(0);
    }));
  });

  it("pop: stays in order while events push events, as a simulation does", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 10, noNaN: true })), { minLength: 1, maxLength: 500 }), (steps) => {
      const queue = new EventQueue<number>();
      const model: { atMs: number; order: number }[] = [];
      let pushed = 0;
      let nowMs = 0;
      for (const [pushes, delayMs] of steps) {
        for (let i = 0; i < pushes; i++) {
          model.push({ atMs: nowMs + delayMs, order: pushed });
          queue.push(nowMs + delayMs, pushed++);
        }
        model.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
        const wanted = model.shift();
        expect(queue.peek()).toEqual(wanted && { atMs: wanted.atMs, payload: wanted.order });
        expect(queue.pop()?.payload).toBe(wanted?.order);
        nowMs = wanted?.atMs ?? nowMs;
      }
    }));
  });

  it("pop and peek: nothing where there is nothing", () => {
    const queue = new EventQueue<string>();
    expect(queue.peek()).toBeUndefined();
    expect(queue.pop()).toBeUndefined();
    queue.push(1, "one");
    expect(queue.peek()).toEqual({ atMs: 1, payload: "one" });
    expect(drain(queue)).toEqual(["one"]);
    expect(queue.peek()).toBeUndefined();
  });

  it("push: refuses the past, and what is no time, and says so", () => {
    const queue = new EventQueue<string>();
    queue.push(5, "five");
    queue.pop();
    queue.push(5, "the same instant");
    expect(() => queue.push(4.9, "past")).toThrow("Cannot push an event at 4.9 ms: the time is now 5 ms");
    expect(() => queue.push(Number.NaN, "nan")).toThrow("Cannot push an event at NaN ms");
    expect(() => queue.push(Infinity, "never")).toThrow("Cannot push an event at Infinity ms");
    expect(drain(queue)).toEqual(["the same instant"]);
  });
});
