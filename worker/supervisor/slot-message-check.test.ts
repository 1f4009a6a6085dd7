import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { readSlotMessage } from "./slot-message-check.ts";

const RESULTS = { type: "results", run: 1, from: 0, count: 1, outputs: new Uint8Array(4), failures: [], busyMs: 1, ended: false };

test("readSlotMessage: an honest message is read as it is", () => {
  expect(readSlotMessage(RESULTS)).toEqual(RESULTS);
  const begin = { type: "begin", run: 1, position: 2, sure: true };
  expect(readSlotMessage(begin)).toEqual(begin);
});

test("readSlotMessage: anything else is null, and nothing throws (R9)", () => {
  fc.assert(fc.property(fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true, withMap: true }), (data) => {
    expect(readSlotMessage(data)).toBeNull();
  }));
});

test("readSlotMessage: one wrong field makes it no message (R9)", () => {
  const fields = ["run", "from", "count", "outputs", "failures", "busyMs", "ended"];
  fc.assert(fc.property(fc.constantFrom(...fields), fc.oneof(fc.constant(Number.NaN), fc.constant(-1), fc.constant(1.5e300), fc.string(), fc.constant({}), fc.constant(undefined)), (name, value) => {
    if (name === "busyMs" && value === 1.5e300) return; // bounded by the supervisor's own clock
    expect(readSlotMessage({ ...RESULTS, [name]: value })).toBeNull();
  }));
});

test("readSlotMessage: what a slot may not judge, it cannot claim", () => {
  const failure = { position: 0, kind: "timeout", message: "m", stack: "" };
  expect(readSlotMessage({ ...RESULTS, failures: [failure] })).toBeNull();
  expect(readSlotMessage({ type: "rest", run: 1, ms: 3_600_000 })).toBeNull();
});

test("readSlotMessage: texts are cut to the limits of the wire (R9)", () => {
  const failure = { position: 0, kind: "error", message: "m".repeat(50_000), stack: "s".repeat(50_000) };
  const read = readSlotMessage({ ...RESULTS, failures: [failure] });
  expect(read).toMatchObject({ failures: [{ message: "m".repeat(LIMITS.errorMessageChars), stack: "s".repeat(LIMITS.errorStackChars) }] });
});
