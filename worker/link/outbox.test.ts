import fc from "fast-check";
import { expect, test } from "vitest";
import { batchIdSchema } from "../../protocol/ids.ts";
import { Outbox } from "./outbox.ts";

const batch = batchIdSchema.parse(1);

function sequencesIn(outbox: Outbox): number[] {
  return outbox.frames().map((frame) => frame[0] ?? -1);
}

test("Outbox: keeps just what is not acknowledged, in order (R3)", () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.constant("add" as const), fc.nat(40))), (steps) => {
    const outbox = new Outbox(1);
    let model: number[] = [];
    let next = 1;
    for (const step of steps) {
      if (step === "add") {
        outbox.add([batch], (sequence) => new Uint8Array([sequence]));
        model.push(next++);
      } else {
        outbox.acknowledge(step);
        model = model.filter((sequence) => sequence > step);
      }
      expect(sequencesIn(outbox)).toEqual(model);
    }
    expect(outbox.batchIds().length).toBe(model.length);
  }));
});

test("Outbox.isFull: past its bytes it is full, and room comes back with the acknowledgement (R9)", () => {
  const outbox = new Outbox(100);
  while (!outbox.isFull) outbox.add([batch], () => new Uint8Array(4 * 1024 * 1024));
  expect(outbox.size).toBe(16);
  outbox.acknowledge(100);
  expect(outbox.isFull).toBe(false);
});
