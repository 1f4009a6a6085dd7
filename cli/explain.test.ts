import { expect, test } from "vitest";
import { FIRST_ANSWER } from "../protocol/http/verification.ts";
import { jobSchema, type Job } from "../protocol/http/job.ts";
import { explanation } from "./explain.ts";

const grid = { computeServers: 3, slots: 8, runningJobs: 2, tasksPerSecond: 10, tasksDone: 5, mail: false, verification: "first" as const, version: "1.2.3", sandboxOrigin: null };
const plain = jobSchema.parse({
  jobId: "job-1234567", name: "Primes", owner: "ada", state: "running", tasks: { total: 100, pending: 60, running: 8, done: 30, failed: 2 },
  ratePerSecond: 4, etaMs: 17_000, waitingFor: null, failures: [], createdAt: 0, startedAt: 1, endedAt: null, url: "/", resultUrl: "/", pictureUrl: null,
  executableId: "a".repeat(64), executableUrl: "/", view: null, tags: [], public: true, visibility: "public", maySteer: true, notify: null,
  options: { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, policy: null, requires: null },
  verification: { ...FIRST_ANSWER, provisional: 0, workFactor: null, caughtServers: 0 },
});
const explained = (change: Partial<Job>) => explanation({ ...plain, ...change }, grid).join("\n");

test("explanation: what the hub says it waits for, what it asks for, and what there is", () => {
  const options = { ...plain.options, priority: 2, policy: "round-robin", requires: { capabilities: ["wasm-simd" as const], memoryMiB: 2_048 } };
  expect(explained({ waitingFor: "It has 2 of 8 Slots. The others are at work for bob.", options })).toBe(`Primes: running
  why       It has 2 of 8 Slots. The others are at work for bob.
  tasks     60 waiting, 8 running, 30 done, 2 failed
  pace      4.0 tasks a second, about 17 s left
  requires  wasm-simd, 2048 MiB of memory
  priority  2
  policy    round-robin
  grid      3 Compute Servers, 8 Slots, 2 jobs running`);
});

test("explanation: a job at full speed, and one that has ended", () => {
  expect(explained({})).toContain("every Slot that it may use works for it");
  expect(explained({ tasks: { ...plain.tasks, pending: 0 } })).toContain("its last tasks are running");
  expect(explained({ state: "completed" })).toMatch(/why {7}All its tasks are done\./);
  const failures = [{ message: "it broke", stack: "", count: 2, firstIndex: 7 }];
  expect(explained({ state: "failed", failures })).toMatch(/2 tasks failed for good[^]*failed {4}2 ×, the first is task 7: it broke$/);
  expect(explained({ state: "cancelled" })).not.toContain("grid");
});
