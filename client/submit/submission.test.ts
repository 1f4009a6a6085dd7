import { expect, test } from "vitest";
import { EMPTY_DRAFT } from "./draft.ts";
import { buildSubmission } from "./submission.ts";

const job = { javascript: "export default (n) => n", args: undefined, view: null, inputs: { kind: "data", values: [1, { a: 2 }] } } as const;
const options = { ...EMPTY_DRAFT.options, name: "Squares" };

test("buildSubmission: what was not given is left out", async () => {
  expect(await buildSubmission(job, options, true)).toEqual({
    name: "Squares",
    executable: { source: "export default (n) => n" },
    inputs: { ndjson: '1\n{"a":2}' },
    options: { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, public: true, tags: [] },
  });
});

test("buildSubmission: an address is sent only where the hub can mail", async () => {
  const withMail = { ...options, email: " ada@example.org " };
  expect((await buildSubmission(job, withMail, true)).options?.notify).toEqual({ email: "ada@example.org" });
  expect((await buildSubmission(job, withMail, false)).options?.notify).toBeUndefined();
});

test("buildSubmission: a policy is sent where one was chosen", async () => {
  expect((await buildSubmission(job, { ...options, policy: "round-robin" }, true)).options?.policy).toBe("round-robin");
});

test("buildSubmission: what a Compute Server must offer is sent where something was asked for", async () => {
  const needs = { ...options, capabilities: ["wasm-simd" as const], memoryMiB: 2_048, engine: " chromium-120 " };
  expect((await buildSubmission(job, needs, true)).options?.requires).toEqual({ capabilities: ["wasm-simd"], memoryMiB: 2_048, engine: "chromium-120" });
  await expect(buildSubmission(job, { ...options, engine: "netscape" }, true)).rejects.toThrow("“engine”");
});

test("buildSubmission: a field that does not fit is named", async () => {
  await expect(buildSubmission(job, { ...options, name: " " }, false)).rejects.toThrow("“name”");
  await expect(buildSubmission(job, { ...options, email: "nobody" }, true)).rejects.toThrow("“email”");
  await expect(buildSubmission(job, { ...options, taskTimeoutSeconds: 0 }, true)).rejects.toThrow("“taskTimeoutMs”");
});
