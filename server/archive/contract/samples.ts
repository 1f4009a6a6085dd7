import { expect } from "vitest";
import { GridError, type GridErrorKind } from "../../../protocol/grid-error.ts";
import { executableIdSchema, jobIdSchema, ownerSchema, type JobId } from "../../../protocol/ids.ts";
import { packValues, PackedValues } from "../../../protocol/packed-values.ts";
import { decodeValue, encodeValue, type Value } from "../../../protocol/value.ts";
import type { NewJob, RecordedFailure, ResultsArchive, ValueChunk } from "../archive.ts";

/** An archive of its own for one test, and what stands behind it. */
export interface ContractStore {
  readonly archive: ResultsArchive;
  /** Closes it and opens it again on the same data. */
  reopen(): Promise<ResultsArchive>;
  /** Closes it and removes the data. */
  remove(): Promise<void>;
}

export type OpenStore = () => Promise<ContractStore>;

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
    tags: [],
    public: true,
    notifyEmail: null,
    createdAtMs: 1_000,
    ...changes,
  };
}

/** The values of tasks `from`, `from + 1`, … */
export function chunkOf(from: number, values: readonly unknown[], large: ValueChunk["large"] = []): ValueChunk {
  return { range: [from, from + values.length], packed: packValues(values.map((value) => encodeValue(value))), large };
}

/** Every value of the chunks, by task index. Fails where the chunks do not ascend. */
export function valuesOf(chunks: readonly ValueChunk[]): Map<number, Value> {
  const values = new Map<number, Value>();
  let end = 0;
  for (const { range: [from, to], packed } of chunks) {
    expect(from).toBeGreaterThanOrEqual(end);
    end = to;
    const unpacked = new PackedValues(packed);
    expect(unpacked.count).toBe(to - from);
    for (let i = 0; i < unpacked.count; i++) values.set(from + i, decodeValue(unpacked.at(i)));
  }
  return values;
}

export function failureOf(jobId: JobId, index: number, message = "it broke"): RecordedFailure {
  return { jobId, index, message, stack: `Error: ${message}\n  at task ${index}`, attempts: 3, atMs: 2_000 };
}

export async function expectRefusal(promise: Promise<unknown>, kind: GridErrorKind): Promise<void> {
  expect(await outcomeOf(promise)).toBe(kind);
}

/** "stored", or the kind of the GridError. Any other error is thrown. */
export async function outcomeOf(promise: Promise<unknown>): Promise<GridErrorKind | "stored"> {
  try {
    await promise;
    return "stored";
  } catch (error) {
    if (error instanceof GridError && error.message.startsWith("Cannot ")) return error.kind;
    throw error;
  }
}
