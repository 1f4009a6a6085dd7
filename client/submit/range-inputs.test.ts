import fc from "fast-check";
import { expect, test } from "vitest";
import { submissionSchema } from "../../protocol/http/submission.ts";
import { checkRange, previewRange } from "./range-inputs.ts";

test("checkRange: start is in, end is not", () => {
  expect(checkRange({ start: 1, end: 10, step: null })).toEqual({ ok: true, start: 1, end: 10, step: 1, count: 9 });
  expect(checkRange({ start: 10, end: 0, step: -3 })).toMatchObject({ count: 4 });
  expect(checkRange({ start: 0, end: 1, step: 0.3 })).toMatchObject({ count: 4 });
});

test("checkRange: an empty, an endless and an unfinished range are told in words", () => {
  expect(checkRange({ start: 5, end: 5, step: 1 })).toMatchObject({ ok: false });
  expect(checkRange({ start: 0, end: 5, step: -1 })).toMatchObject({ ok: false });
  expect(checkRange({ start: 0, end: 5, step: 0 })).toMatchObject({ message: expect.stringContaining("step of 0") });
  expect(checkRange({ start: null, end: 5, step: 1 })).toMatchObject({ message: expect.stringContaining("start") });
  expect(checkRange({ start: 0, end: 2e9, step: 1 })).toMatchObject({ message: expect.stringContaining("1,000,000,000") });
});

test("checkRange: what it lets pass is what the hub takes", () => {
  const number = fc.integer({ min: -1000, max: 1000 });
  fc.assert(fc.property(number, number, number, (start, end, step) => {
    const range = checkRange({ start, end, step });
    const hub = submissionSchema.safeParse({ name: "n", executable: { source: "s" }, inputs: { range: { start, end, step } } });
    expect(range.ok).toBe(hub.success);
  }));
});

test("previewRange: the first inputs and the last", () => {
  const range = checkRange({ start: 0, end: 10, step: 3 });
  expect(range.ok && previewRange(range, 2)).toEqual({ head: [0, 3], last: 9 });
});
