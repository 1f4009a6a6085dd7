import { expect, test } from "vitest";
import { EMPTY_DRAFT } from "./draft.ts";
import { buildSubmission } from "./submission.ts";

const job = { javascript: "export default (n) => n", args: undefined, view: null, inputs: { kind: "data", values: [1, { a: 2 }] } } as const;
const options = { ...EMPTY_DRAFT.options, name: "Squares" };
const HUB = { mail: true, accounts: false };

test("buildSubmission: what was not given is left out", async () => {
  expect(await buildSubmission(job, options, HUB)).toEqual({
    name: "Squares",
    executable: { source: "export default (n) => n" },
    inputs: { ndjson: '1\n{"a":2}' },
    options: { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, public: true, tags: [] },
  });
});

test("buildSubmission: an address is sent only where the hub can mail", async () => {
  const withMail = { ...options, email: " ada@example.org " };
  expect((await buildSubmission(job, withMail, HUB)).options?.notify).toEqual({ email: "ada@example.org" });
  expect((await buildSubmission(job, withMail, { ...HUB, mail: false })).options?.notify).toBeUndefined();
});

test("buildSubmission: a policy is sent where one was chosen", async () => {
  expect((await buildSubmission(job, { ...options, policy: "round-robin" }, HUB)).options?.policy).toBe("round-robin");
});

test("buildSubmission: what a Compute Server must offer is sent where something was asked for", async () => {
  const needs = { ...options, capabilities: ["wasm-simd" as const], memoryMiB: 2_048, engine: " chromium-120 " };
  expect((await buildSubmission(job, needs, HUB)).options?.requires).toEqual({ capabilities: ["wasm-simd"], memoryMiB: 2_048, engine: "chromium-120" });
  await expect(buildSubmission(job, { ...options, engine: "netscape" }, HUB)).rejects.toThrow("“engine”");
});

test("buildSubmission: a field that does not fit is named", async () => {
  await expect(buildSubmission(job, { ...options, name: " " }, HUB)).rejects.toThrow("“name”");
  await expect(buildSubmission(job, { ...options, email: "nobody" }, HUB)).rejects.toThrow("“email”");
  await expect(buildSubmission(job, { ...options, taskTimeoutSeconds: 0 }, HUB)).rejects.toThrow("“taskTimeoutMs”");
});

test("buildSubmission: where the hub has accounts it says who may see the job, and that is nobody else unless it was chosen", async () => {
  const { options: sent } = await buildSubmission(job, options, { mail: true, accounts: true });
  expect([sent?.visibility, sent?.public]).toEqual(["private", undefined]);
  expect((await buildSubmission(job, { ...options, visibility: "link" }, { mail: true, accounts: true })).options?.visibility).toBe("link");
});
