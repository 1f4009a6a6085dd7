import fc from "fast-check";
import { expect, test } from "vitest";
import { GridError } from "../../protocol/grid-error.ts";
import { batchIdSchema, blobIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import { encodeValue } from "../../protocol/value.ts";
import { checkedOutputs } from "./outcome-check.ts";

const base = { batchId: batchIdSchema.parse(1), jobId: jobIdSchema.parse("job_00000001"), failures: [], busyMs: 1 };
const blobId = blobIdSchema.parse("a".repeat(64));
const one = encodeValue({ answer: 42 });

function report(done: [number, number][], values: Uint8Array[], large: OutcomeReport["large"] = []): OutcomeReport {
  return { ...base, done, outputs: packValues(values), large };
}

test("checkedOutputs: takes one value for each index, or a blob", () => {
  const outputs = checkedOutputs(report([[3, 5], [9, 10]], [one, new Uint8Array(), one], [{ index: 4, blobId, bytes: 100_000 }]));
  expect(outputs.count).toBe(3);
});

test.each([
  ["fewer outputs than tasks", report([[0, 2]], [one])],
  ["more outputs than tasks", report([[0, 1]], [one, one])],
  ["an empty output without a blob", report([[0, 1]], [new Uint8Array()])],
  ["a blob for a task that has an output", report([[0, 1]], [one], [{ index: 0, blobId, bytes: 5 }])],
  ["a blob for another task", report([[0, 1]], [new Uint8Array()], [{ index: 7, blobId, bytes: 5 }])],
  ["half a value", report([[0, 1]], [one.subarray(0, -1)])],
  ["two values for one", report([[0, 1]], [new Uint8Array([...one, ...one])])],
])("checkedOutputs: refuses %s", (_, wrong) => {
  expect(() => checkedOutputs(wrong)).toThrow(GridError);
});

test("checkedOutputs: any bytes are outputs or a stated error (R9)", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (outputs) => {
    try {
      checkedOutputs({ ...base, done: [[0, 2]], outputs, large: [] });
    } catch (error) {
      expect(error).toBeInstanceOf(GridError);
    }
  }));
});
