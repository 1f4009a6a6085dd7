import { expect, test } from "vitest";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import type { RunOrder, SlotResults } from "../slot/slot-messages.ts";
import { checkResults } from "./outcome-check.ts";

const ORDER: RunOrder = { run: 4, ranges: [[10, 13], [20, 23]], count: 6, inputs: { kind: "range", start: 0, step: 1 }, careful: false, cpuShare: 1, outputBytes: 100, logLines: 100 };

function results(change: Partial<SlotResults> = {}): SlotResults {
  const outputs = packValues([1, 2, 3].map(encodeValue));
  return { type: "results", run: 4, from: 1, count: 4, outputs, failures: [{ position: 3, kind: "error", message: "m", stack: "s" }], busyMs: 5, ended: false, ...change };
}

test("checkResults: positions become indexes, failures keep their place", () => {
  expect(checkResults(ORDER, 1, results())).toMatchObject({ reported: 5, done: [[11, 13], [21, 22]], failures: [{ index: 20, kind: "error", message: "m", stack: "s" }] });
});

test.each([
  ["another run", { run: 5 }],
  ["a task twice", { from: 0 }],
  ["a task too early", { from: 2 }],
  ["a task that is not its own", { count: 9 }],
  ["fewer outputs than it says", { outputs: packValues([encodeValue(1)]) }],
  ["what is not packed", { outputs: new Uint8Array([9, 9, 9, 9, 9]) }],
  ["what is no value", { outputs: packValues([encodeValue(1), new Uint8Array([0xc1]), encodeValue(3)]) }],
  ["an empty value, which would pass for a large one", { outputs: packValues([encodeValue(1), new Uint8Array(0), encodeValue(3)]) }],
  ["an output past the job's limit", { outputs: packValues([encodeValue(1), encodeValue("x".repeat(100)), encodeValue(3)]) }],
  ["failures out of order", { failures: [{ position: 3, kind: "error", message: "", stack: "" }, { position: 2, kind: "error", message: "", stack: "" }] }],
  ["a failure of a task elsewhere", { failures: [{ position: 5, kind: "error", message: "", stack: "" }] }],
] satisfies [string, Partial<SlotResults>][])("checkResults: a slot that reports %s breaks the rules (R9)", (_what, change) => {
  expect(checkResults(ORDER, 1, results(change))).toEqual(expect.any(String));
});
