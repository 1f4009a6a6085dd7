import { FIRST_ANSWER } from "../../../protocol/http/verification.ts";
import { executableIdSchema, jobIdSchema, ownerSchema, type JobId } from "../../../protocol/ids.ts";
import { packValues } from "../../../protocol/packed-values.ts";
import { encodeValue } from "../../../protocol/value.ts";
import type { NewJob, RecordedFailure, ValueChunk } from "../archive.ts";

let lastJob = 0;

export function newJobId(): JobId {
  lastJob += 1;
  return jobIdSchema.parse(`job-${String(lastJob).padStart(8, "0")}`);
}

export function sampleJob(changes: Partial<NewJob> = {}): NewJob {
  return {
    jobId: newJobId(),
    name: "Collatz",
    owner: ownerSchema.parse("ann"),
    executableId: executableIdSchema.parse("ab".repeat(32)),
    tasks: 100,
    inputs: { kind: "range", start: 1, step: 1 },
    argsJson: null,
    view: null,
    priority: 0,
    maxAttempts: 3,
    taskTimeoutMs: 60_000,
    policy: null,
    requires: null,
    verification: FIRST_ANSWER,
    tags: [],
    public: true,
    shareKey: null,
    notifyEmail: null,
    createdAtMs: 1_000,
    ...changes,
  };
}

/** The values of tasks `from`, `from + 1`, … */
export function chunkOf(from: number, values: readonly unknown[], large: ValueChunk["large"] = []): ValueChunk {
  return { range: [from, from + values.length], packed: packValues(values.map((value) => encodeValue(value))), large };
}

export function failureOf(jobId: JobId, index: number, message = "it broke"): RecordedFailure {
  return { jobId, index, message, stack: `Error: ${message}\n  at task ${index}`, attempts: 3, atMs: 2_000 };
}
