import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobIdSchema } from "../../protocol/ids.ts";
import { countIndexes, type IndexRanges } from "../../protocol/index-range.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import type { StoredJob, ValueChunk } from "../archive/archive.ts";
import { chunkOf, newJobId, sampleJob } from "../archive/contract/samples.ts";
import { assert } from "../assert.ts";
import { openTestArchive, type TestArchive } from "../results/archive-for-tests.ts";
import { readBatch } from "./batch-inputs.ts";

const BLOB = blobIdSchema.parse("ab".repeat(32));

let test: TestArchive;

beforeAll(async () => { test = await openTestArchive(); });
afterAll(() => test.close());

async function jobOf(chunks: readonly ValueChunk[]): Promise<StoredJob> {
  const jobId = newJobId();
  await test.archive.createJob(sampleJob({ jobId, tasks: chunks.at(-1)?.range[1] ?? 0, inputs: { kind: "values" } }), chunks);
  const job = await test.archive.job(jobId);
  assert(job !== undefined, "a job that was just stored is not there");
  return job;
}

/** Inputs of exactly these sizes, a few to a stored chunk. Their first byte tells the index. */
function sized(sizes: readonly number[]): ValueChunk[] {
  const chunks: ValueChunk[] = [];
  for (let from = 0; from < sizes.length; from += 10) {
    const values = sizes.slice(from, from + 10).map((bytes, i) => new Uint8Array(bytes).fill((from + i) % 251));
    chunks.push({ range: [from, from + values.length], packed: packValues(values), large: [] });
  }
  return chunks;
}

/** Reads all that is wanted in as many messages as it takes; checks that each index comes once, in order, with its own input. */
async function messages(job: StoredJob, wanted: IndexRanges): Promise<IndexRanges[]> {
  const sent: IndexRanges[] = [];
  for (let left = wanted; left.length > 0;) {
    const { inputs, ranges, rest } = await readBatch(test.archive, job, left);
    assert(inputs.kind === "values", "stored inputs came as a range");
    const packed = new PackedValues(inputs.packed);
    expect(inputs.packed.byteLength).toBeLessThanOrEqual(LIMITS.packedBytes);
    expect(packed.count).toBe(countIndexes(ranges));
    let position = 0;
    for (const [from, to] of ranges) for (let index = from; index < to; index++) expect(packed.at(position++)[0]).toBe(index % 251);
    expect(countIndexes(ranges) + countIndexes(rest)).toBe(countIndexes(left));
    sent.push(ranges);
    left = rest;
  }
  return sent;
}

describe("readBatch", () => {
  it("a range needs no reading, however long", async () => {
    const job = { ...(await jobOf(sized([1]))), inputs: { kind: "range", start: 5, step: 2 } } as const;
    expect(await readBatch(test.archive, job, [[0, 16_384]])).toEqual({ inputs: { kind: "range", start: 5, step: 2 }, ranges: [[0, 16_384]], rest: [] });
  });

  it("small inputs of several ranges come in one message", async () => {
    const job = await jobOf(sized(Array.from({ length: 500 }, () => 3)));
    const wanted: IndexRanges = [[0, 1], [5, 300], [301, 302], [499, 500]];
    expect(await messages(job, wanted)).toEqual([wanted]);
  });

  it("a message is filled to its last byte, and a byte more is left for the next", async () => {
    const half = LIMITS.packedBytes / 2;
    const exact = await jobOf(sized([half, half - 12]));
    expect(await messages(exact, [[0, 2]])).toEqual([[[0, 2]]]);
    const over = await jobOf(sized([half, half - 11]));
    expect(await messages(over, [[0, 2]])).toEqual([[[0, 1]], [[1, 2]]]);
  });

  it("what does not fit is left, whole ranges and parts of one, also where sizes grow behind small ones", async () => {
    const small = Array.from({ length: 100 }, () => 2);
    const large = Array.from({ length: 200 }, (_, i) => 60_000 + i);
    const job = await jobOf(sized([...small, ...large]));
    const sent = await messages(job, [[0, 50], [60, 250], [260, 300]]);
    expect(sent.length).toBe(3);
    expect(sent.flat().flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
      .toEqual([...Array(50).keys(), ...Array.from({ length: 190 }, (_, i) => 60 + i), ...Array.from({ length: 40 }, (_, i) => 260 + i)]);
  });

  it("an input that is a blob travels as its reference, with the batch that its task is in and no other", async () => {
    const large = [1, 4].map((index) => ({ index, blobId: BLOB, bytes: 100_000 + index }));
    const values = [0, 1, 2, 3, 4, 5].map((index) => (index === 1 || index === 4 ? new Uint8Array(0) : new Uint8Array([index])));
    const job = await jobOf([{ range: [0, 6], packed: packValues(values), large }]);
    const { inputs } = await readBatch(test.archive, job, [[0, 2], [5, 6]]);
    assert(inputs.kind === "values", "stored inputs came as a range");
    expect(inputs.large).toEqual([large[0]]);
    expect(new PackedValues(inputs.packed).at(1).byteLength).toBe(0);
  });

  it("inputs that the archive does not have are an error that names them", async () => {
    const job = await jobOf([chunkOf(0, [1, 2, 3])]);
    await expect(readBatch(test.archive, job, [[7, 9]])).rejects.toThrow(/none of the inputs \[7,9\]/);
  });
});
