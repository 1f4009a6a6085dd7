import { expect, test } from "vitest";
import { countIndexes } from "../../../protocol/index-range.ts";
import type { ResultsArchive } from "../archive.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal, outcomeOf, valuesOf } from "./expectations.ts";
import { chunkOf, failureOf, newJobId, sampleJob } from "./samples.ts";

export function resultsContract(store: () => ContractStore): void {
  test("saveResults: outputs read back in index order whatever order they came in, and count once (R2, R3)", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    for (const from of [40, 0, 90, 20]) await archive.saveResults(jobId, chunkOf(from, [from, from + 1, from + 2]));
    const expected = [0, 1, 2, 20, 21, 22, 40, 41, 42, 90, 91, 92];
    const expectAll = async (reader: ResultsArchive) => {
      expect([...valuesOf(await reader.results(jobId, [0, 100], 100))]).toEqual(expected.map((index) => [index, index]));
      expect(await reader.job(jobId)).toMatchObject({ done: 12, failed: 0 });
    };
    await expectAll(archive);
    await expectAll(await store().reopen());
  });

  test("saveResults: a second result for any of its tasks is refused, and harms no other write (R2)", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    await archive.saveResults(jobId, chunkOf(10, ["a", "b", "c", "d"]));
    const tries = [[10, 4], [10, 1], [13, 1], [9, 2], [13, 5], [8, 9], [11, 2], [9, 1], [14, 1]].map(([from = 0, count = 0]) =>
      outcomeOf(archive.saveResults(jobId, chunkOf(from, Array.from({ length: count }, () => "again")))));
    expect(await Promise.all(tries)).toEqual([...Array.from({ length: 7 }, () => "conflict"), "stored", "stored"]);
    expect([...valuesOf(await archive.results(jobId, [0, 100], 100)).values()]).toEqual(["again", "a", "b", "c", "d", "again"]);
    expect(await archive.job(jobId)).toMatchObject({ done: 6 });
  });

  test("saveResults: another job's results, an unknown job and a task that the job has not are told apart", async () => {
    const { archive } = store();
    const [one, two] = [sampleJob(), sampleJob()];
    await archive.createJob(one, []);
    await archive.createJob(two, []);
    await archive.saveResults(one.jobId, chunkOf(0, [1]));
    await archive.saveResults(two.jobId, chunkOf(0, [2]));
    await expectRefusal(archive.saveResults(newJobId(), chunkOf(0, [1])), "not-found");
    await expectRefusal(archive.saveResults(one.jobId, chunkOf(99, [1, 2])), "invalid-request");
    await expectRefusal(archive.saveResults(one.jobId, { ...chunkOf(5, [1, 2]), range: [5, 8] }), "invalid-request");
    await expectRefusal(archive.saveResults(one.jobId, { range: [5, 6], packed: new Uint8Array(1), large: [] }), "invalid-request");
    const blobId = await archive.saveBlob(Uint8Array.of(7));
    await expectRefusal(archive.saveResults(one.jobId, chunkOf(5, [1], [{ index: 6, blobId, bytes: 1 }])), "invalid-request");
    expect(valuesOf(await archive.results(two.jobId, [0, 100], 9))).toEqual(new Map([[0, 2]]));
    expect(await archive.job(one.jobId)).toMatchObject({ done: 1 });
  });

  test("saveResults: bytes that are a view into a larger buffer are stored alone", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    const chunk = chunkOf(0, ["x", "y"]);
    const frame = new Uint8Array(chunk.packed.byteLength + 200_000).fill(255);
    frame.set(chunk.packed, 1_001);
    await archive.saveResults(jobId, { ...chunk, packed: frame.subarray(1_001, 1_001 + chunk.packed.byteLength) });
    const [read] = await archive.results(jobId, [0, 2], 1);
    expect(read?.packed).toEqual(chunk.packed);
  });

  test("saveResults: results of 1 MB each, more than may wait at once", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    const megabyte = (index: number) => new Uint8Array(1_000_000).fill(index);
    await Promise.all(Array.from({ length: 60 }, (_, index) => archive.saveResults(jobId, chunkOf(index, [megabyte(index)]))));
    expect(await archive.job(jobId)).toMatchObject({ done: 60 });
    for (const index of [0, 31, 59]) {
      expect(valuesOf(await archive.results(jobId, [index, index + 1], 1)).get(index)).toEqual(megabyte(index));
    }
  });

  test("results: cut to the range, at most `limit` chunks, with the references to large values in it", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    const blobId = await archive.saveBlob(Uint8Array.of(1, 2, 3));
    const large = [11, 13].map((index) => ({ index, blobId, bytes: 3 }));
    await archive.saveResults(jobId, chunkOf(10, ["a", "", "c", "", "e"], large));
    await archive.saveResults(jobId, chunkOf(20, ["k", "l"]));
    await archive.saveResults(jobId, chunkOf(15, ["f"]));
    const ranges = async (from: number, to: number, limit: number) => (await archive.results(jobId, [from, to], limit)).map(({ range }) => range);
    expect(await ranges(0, 100, 9)).toEqual([[10, 15], [15, 16], [20, 22]]);
    expect(await ranges(12, 21, 9)).toEqual([[12, 15], [15, 16], [20, 21]]);
    expect(await ranges(12, 21, 2)).toEqual([[12, 15], [15, 16]]);
    expect(await ranges(16, 20, 9)).toEqual([]);
    expect(await ranges(0, 10, 9)).toEqual([]);
    const [cut] = await archive.results(jobId, [12, 14], 1);
    expect(cut).toMatchObject({ range: [12, 14], large: [{ index: 13, blobId, bytes: 3 }] });
    expect(valuesOf(cut === undefined ? [] : [cut]).get(12)).toBe("c");
  });

  test("results: a read sees the writes that were called before it", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    const created = archive.createJob(sampleJob({ jobId }), []);
    const saved = archive.saveResults(jobId, chunkOf(3, ["x"]));
    const [job, results] = await Promise.all([archive.job(jobId), archive.results(jobId, [0, 9], 9)]);
    expect(job).toMatchObject({ done: 1 });
    expect(valuesOf(results)).toEqual(new Map([[3, "x"]]));
    await Promise.all([created, saved]);
  });

  test("taskEnds: thousands of chunks merge into few ranges", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId, tasks: 10_000_000 }), []);
    const firsts = Array.from({ length: 3_000 }, (_, i) => ((i * 1_009) % 3_000) * 10);
    await Promise.all(firsts.filter((from) => from !== 12_340).map((from) => archive.saveResults(jobId, chunkOf(from, Array.from({ length: 10 }, () => null)))));
    await archive.saveResults(jobId, chunkOf(9_999_999, [null]));
    await archive.saveFailure(failureOf(jobId, 12_345));
    await archive.saveFailure(failureOf(jobId, 12_341));
    const ends = await archive.taskEnds(jobId);
    expect(ends).toEqual({ done: [[0, 12_340], [12_350, 30_000], [9_999_999, 10_000_000]], failed: [12_341, 12_345] });
    expect(await archive.job(jobId)).toMatchObject({ done: countIndexes(ends.done), failed: 2 });
    expect(await archive.taskEnds(newJobId())).toEqual({ done: [], failed: [] });
  });
}
