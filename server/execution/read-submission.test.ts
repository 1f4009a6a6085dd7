import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GridError } from "../../protocol/grid-error.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue } from "../../protocol/value.ts";
import { countRange } from "./input-range.ts";
import { readSubmission, type ReadSubmission } from "./read-submission.ts";
import { SubmissionError } from "./submission-error.ts";

const SOURCE = "export default (n) => n";

function read(inputs: unknown, more: object = {}): ReadSubmission {
  return readSubmission(new TextEncoder().encode(JSON.stringify({ name: "test", executable: { source: SOURCE }, inputs, ...more })));
}

function refusal(run: () => unknown): SubmissionError {
  try {
    run();
  } catch (error) {
    if (error instanceof SubmissionError) return error;
    throw error;
  }
  throw new Error("Cannot test the refusal: it was accepted");
}

function values(submission: ReadSubmission): unknown[] {
  if (submission.inputs.kind === "range") throw new Error("Cannot list the inputs: they are a range");
  return submission.inputs.chunks.flatMap(({ range: [from, to], packed, large }) => {
    const stored = new PackedValues(packed);
    expect(stored.count).toBe(to - from);
    return Array.from({ length: to - from }, (_, i) => {
      const bytes = stored.at(i);
      const beside = large.find(({ index }) => index === from + i);
      expect(bytes.byteLength === 0).toBe(beside !== undefined);
      return decodeValue(beside?.value ?? bytes);
    });
  });
}

describe("readSubmission: inputs", () => {
  test("readSubmission: a list of tagged JSON becomes values", () => {
    const submission = read([1, "two", { $bigint: "3" }, { a: [null, { $bytes: "AQI=" }] }]);
    expect(submission.tasks).toBe(4);
    expect(values(submission)).toEqual([1, "two", 3n, { a: [null, new Uint8Array([1, 2])] }]);
  });

  test("readSubmission: lines of JSON become values, blank lines are none", () => {
    expect(values(read({ ndjson: '1\n\n  "b" \r\n[3]' }))).toEqual([1, "b", [3]]);
  });

  test("readSubmission: a broken line is told by its number", () => {
    const refused = refusal(() => read({ ndjson: '1\n\n{"a":\n4\nnope' }));
    expect(refused.errors.map(({ line }) => line)).toEqual([3, 5]);
    expect(refused.message).toContain("line 3");
  });

  test("readSubmission: a value that cannot be carried is told by its path", () => {
    const refused = refusal(() => read([1, { $bigint: "x" }]));
    expect(refused.errors[0]?.path).toBe("inputs.1");
  });

  test("readSubmission: many inputs are packed into chunks that follow each other", () => {
    const list = Array.from({ length: 10_000 }, (_, i) => i);
    const submission = read(list);
    expect(values(submission)).toEqual(list);
    const ranges = submission.inputs.kind === "values" ? submission.inputs.chunks.map(({ range }) => range) : [];
    expect(ranges).toEqual([[0, 4096], [4096, 8192], [8192, 10_000]]);
  });

  test("readSubmission: values over 64 KiB stand beside the chunk, and chunks end at about 1 MiB", () => {
    const list = ["small", "x".repeat(100_000), ...Array.from({ length: 50 }, () => "y".repeat(60_000))];
    const submission = read(list);
    expect(values(submission)).toEqual(list);
    const chunks = submission.inputs.kind === "values" ? submission.inputs.chunks : [];
    expect(chunks.flatMap(({ large }) => large.map(({ index }) => index))).toEqual([1]);
    expect(Math.max(...chunks.map(({ packed }) => packed.byteLength))).toBeLessThan(1.2 * 1024 * 1024);
    expect(chunks.length).toBe(3);
  });
});

describe("readSubmission: refusals name what is wrong", () => {
  test.each([
    ["no inputs", () => read([]), "inputs"],
    ["an unknown property", () => read([1], { colour: "red" }), undefined],
    ["an empty range", () => read({ range: { start: 3, end: 1 } }), "inputs.range"],
    ["a wrong option", () => read([1], { options: { maxAttempts: 0 } }), "options.maxAttempts"],
    ["a wrong view", () => read([1], { view: { kind: "image", width: 1 } }), "view.height"],
    ["a blank name", () => read([1], { name: "  " }), "name"],
    ["a blank tag", () => read([1], { options: { tags: ["fractal", " "] } }), "options.tags.1"],
    ["arguments without end", () => read([1], { args: "x".repeat(2_000_000) }), "args"],
  ])("%s", (_what, run, path) => {
    const refused = refusal(run);
    expect(refused.kind).toBe("invalid-request");
    expect(refused.errors[0]?.path).toBe(path);
  });

  test("readSubmission: the fault in an Executable is a fault of the Executable", () => {
    expect(() => read([1], { executable: { source: "export default 1" } })).toThrow(expect.objectContaining({ kind: "unreadable-executable" }));
  });

  test("readSubmission: any bytes are read or refused with a stated error (R9)", () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map((text) => new TextEncoder().encode(text))), (bytes) => {
      expect(() => readSubmission(bytes)).toThrow(GridError);
    }));
  });
});

describe("countRange", () => {
  test.each([
    [0, 10, 1, 10], [0, 10, 3, 4], [1, 10, 1, 9], [5, 0, -1, 5], [0, 0.3, 0.1, 3], [0, 1, 0.1, 10], [0, 1e9, 1, 1e9], [0.5, 1, 7, 1],
  ])("countRange: %d to %d by %d has %d inputs", (start, end, step, count) => {
    expect(countRange(start, end, step)).toBe(count);
  });

  test("countRange: exactly the inputs that come before the end, whatever the rounding", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(fc.property(number, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.double({ min: 0.01, max: 5_000, noNaN: true }), fc.boolean(), (start, size, steps, up) => {
      const step = up ? size : -size;
      const end = start + steps * step;
      fc.pre(end !== start);
      const count = countRange(start, end, step);
      const isBefore = (index: number) => (up ? start + index * step < end : start + index * step > end);
      expect(isBefore(count - 1)).toBe(true);
      expect(isBefore(count)).toBe(false);
    }));
  });

  test.each([[0, 1e10, 1], [0, 1, 1e-12], [1e300, 1e308, 1]])("countRange: refuses %d to %d by %d, more tasks than a job may have", (start, end, step) => {
    expect(() => countRange(start, end, step)).toThrow(/limit of one job/);
  });

  test("countRange: refuses a step that rounding swallows", () => {
    expect(() => countRange(1e16, 1e16 + 4, 0.5)).toThrow(/too small/);
  });
});
