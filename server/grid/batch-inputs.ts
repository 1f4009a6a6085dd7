import { assert } from "../assert.ts";
import type { BatchInputs } from "../../protocol/down/assign.ts";
import type { IndexRange, IndexRanges } from "../../protocol/index-range.ts";
import type { LargeValue } from "../../protocol/large-values.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import type { ResultsArchive, StoredJob, ValueChunk } from "../archive/archive.ts";

const FIRST_READ_TASKS = 64;
/** A read asks for at most this many times the tasks of all reads before it: the first inputs may be smaller than the rest. */
const READ_GROWTH = 2;
const WORD_BYTES = 4;

export interface ReadBatch {
  readonly inputs: BatchInputs;
  /** The indexes whose inputs these are: the first of those asked for. */
  readonly ranges: IndexRanges;
  /** The indexes that did not fit into one message. */
  readonly rest: IndexRanges;
}

/**
 * Reads the inputs of a batch, as many as fit into one message. The scheduler cuts batches by time and knows no
 * bytes, so the batch may come out shorter here. It is read in growing steps: no more is read than sent.
 */
export async function readBatch(archive: ResultsArchive, job: StoredJob, wanted: IndexRanges): Promise<ReadBatch> {
  if (job.inputs.kind === "range") {
    return { inputs: { kind: "range", start: job.inputs.start, step: job.inputs.step }, ranges: wanted, rest: [] };
  }
  const batch: OpenBatch = { values: [], large: [], bytes: WORD_BYTES };
  const ranges: IndexRange[] = [];
  const rest: IndexRange[] = [];
  let step = FIRST_READ_TASKS;
  let full = false;
  for (const [from, end] of wanted) {
    let at = from;
    while (at < end && !full) {
      const to = Math.min(end, at + step);
      const before = batch.values.length;
      for (const chunk of await archive.inputs(job.jobId, [at, to])) {
        if (!fill(batch, chunk)) break;
      }
      at += batch.values.length - before;
      full = at < to;
      const meanBytes = batch.bytes / Math.max(1, batch.values.length);
      step = Math.max(1, Math.min(READ_GROWTH * batch.values.length, Math.ceil((LIMITS.packedBytes - batch.bytes) / meanBytes)));
    }
    if (at > from) ranges.push([from, at]);
    if (at < end) rest.push([at, end]);
  }
  assert(batch.values.length > 0, `the archive holds none of the inputs ${JSON.stringify(wanted[0])} of job ${job.jobId}`);
  const large = batch.large.filter(({ index }) => ranges.some(([from, to]) => index >= from && index < to));
  return { inputs: { kind: "values", packed: packValues(batch.values), large }, ranges, rest };
}

interface OpenBatch {
  readonly values: Uint8Array[];
  readonly large: LargeValue[];
  bytes: number;
}

/** Adds the chunk's values as long as they fit; answers whether all did. */
function fill(batch: OpenBatch, chunk: ValueChunk): boolean {
  const packed = new PackedValues(chunk.packed);
  batch.large.push(...chunk.large);
  for (let i = 0; i < packed.count; i++) {
    const value = packed.at(i);
    const bytes = batch.bytes + WORD_BYTES + value.byteLength;
    if (bytes > LIMITS.packedBytes) return false;
    batch.values.push(value);
    batch.bytes = bytes;
  }
  return true;
}
