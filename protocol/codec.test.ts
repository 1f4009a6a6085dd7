import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "./codec.ts";
import type { Down } from "./down.ts";
import { GridError } from "./grid-error.ts";
import { batchIdSchema, computeServerIdSchema, executableIdSchema, jobIdSchema, loadBalancerIdSchema, resumeTokenSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { packValues } from "./packed-values.ts";
import type { Up } from "./up.ts";

const jobId = jobIdSchema.parse("job_00000001");
const batchId = batchIdSchema.parse(7);
const computeServerId = computeServerIdSchema.parse("server_00001");
const resumeToken = resumeTokenSchema.parse("t".repeat(43));
const outputs = packValues([Uint8Array.of(1), Uint8Array.of(2)]);

const ups: Up[] = [
  { type: "register", name: "tab", slots: 2, engine: "chromium-156", capabilities: [], leaseMs: 30_000, holding: [batchId], resume: { computeServerId, resumeToken } },
  { type: "renew", slots: 0 },
  { type: "outcomes", sequence: 1, reports: [{ batchId, jobId, done: [[0, 1], [4, 5]], outputs, large: [], busyMs: 3.5,
    failures: [{ index: 2, kind: "error", message: "no", stack: "at" }] }] },
  { type: "progress", running: [{ jobId, index: 3, fraction: 0.5 }], logs: [{ jobId, index: 3, line: "hello" }] },
  { type: "release", batchId, jobId, ranges: [[5, 9]] },
  { type: "unregister" },
];
const downs: Down[] = [
  { type: "registered", computeServerId, resumeToken, loadBalancerId: loadBalancerIdSchema.parse("lb"), leaseMs: 30_000, heartbeatMs: 10_000, drop: [] },
  { type: "assign", batchId, jobId, jobName: "n", owner: "o", executableId: executableIdSchema.parse("a".repeat(64)), ranges: [[0, 2]],
    inputs: { kind: "values", packed: outputs, large: [] }, taskTimeoutMs: 60_000 },
  { type: "acknowledge", upTo: 9 },
  { type: "revoke", batchIds: [batchId], unstartedOnly: true, reason: "cancelled" },
  { type: "drain", retryAfterMs: 2000 },
  { type: "refuse", reason: "too old", reload: true },
];

test.each(ups)("decodeUp: $type comes back as it was", (message) => {
  expect(decodeUp(encodeUp(message))).toEqual(message);
});

test.each(downs)("decodeDown: $type comes back as it was", (message) => {
  expect(decodeDown(encodeDown(message))).toEqual(message);
});

test("decodeUp: any bytes, and any message with bytes changed, are a message or a stated error (R9)", () => {
  const attempt = (frame: Uint8Array) => {
    try {
      decodeUp(frame);
    } catch (error) {
      expect(error).toBeInstanceOf(GridError);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), attempt), { numRuns: 1000 });
  fc.assert(fc.property(fc.constantFrom(...ups), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }), (message, changes) => {
    const frame = encodeUp(message);
    for (const [at, byte] of changes) frame[at % frame.length] = byte;
    attempt(frame);
  }), { numRuns: 2000 });
});

test.each([
  ["a name past its limit", { ...ups[0], name: "x".repeat(LIMITS.nameMaxChars + 1) }],
  ["slots past their limit", { type: "renew", slots: LIMITS.slots + 1 }],
  ["an empty range", { type: "release", batchId, jobId, ranges: [[5, 5]] }],
  ["ranges that overlap", { type: "release", batchId, jobId, ranges: [[5, 9], [8, 12]] }],
  ["too many ranges", { type: "release", batchId, jobId, ranges: Array.from({ length: LIMITS.rangesPerMessage + 1 }, (_, i) => [2 * i, 2 * i + 1]) }],
  ["a stack past its limit", { type: "outcomes", sequence: 1, reports: [{ batchId, jobId, done: [], outputs, large: [], busyMs: 0, failures: [{ index: 0, kind: "error", message: "", stack: "x".repeat(LIMITS.errorStackChars + 1) }] }] }],
  ["a type that does not exist", { type: "__proto__" }],
  ["no object", 5],
])("decodeUp: refuses %s", (_, message) => {
  expect(() => decodeUp(encode(message))).toThrow(/Cannot read this frame/);
});

test("decodeUp: a frame past the limit is refused unread", () => {
  expect(() => decodeUp(new Uint8Array(LIMITS.frameBytes + 1))).toThrow(/the limit is/);
});
