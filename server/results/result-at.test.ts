import { afterEach, beforeEach, expect, test } from "vitest";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import { openTestArchive, type TestArchive } from "./archive-for-tests.ts";
import { resultAt } from "./result-at.ts";

let disk: TestArchive;
beforeEach(async () => { disk = await openTestArchive(); });
afterEach(async () => { await disk.close(); });

test("resultAt: an output, a failure, or nothing yet", async () => {
  const { jobId } = await disk.job("job-at-0001", 10);
  await disk.outputs(jobId, 2, ["two", { three: 3n }]);
  await disk.failure(jobId, 5, "no");
  const { archive } = disk;
  expect(await resultAt(archive, jobId, 2)).toEqual({ index: 2, output: "two" });
  expect(await resultAt(archive, jobId, 3)).toEqual({ index: 3, output: { three: { $bigint: "3" } } });
  expect(await resultAt(archive, jobId, 5)).toEqual({ index: 5, error: { message: "no", stack: "at task 5" } });
  expect(await resultAt(archive, jobId, 4)).toBeUndefined();
});

test("resultAt: a large output comes from its blob, and one that cannot be decoded is an error (R9)", async () => {
  const { jobId } = await disk.job("job-at-0002", 2);
  const large = encodeValue("x".repeat(100_000));
  const blobId = await disk.archive.saveBlob(large);
  const packed = packValues([new Uint8Array(0), Uint8Array.of(0xc1)]);
  await disk.archive.saveResults(jobId, { range: [0, 2], packed, large: [{ index: 0, blobId, bytes: large.byteLength }] });
  expect(await resultAt(disk.archive, jobId, 0)).toEqual({ index: 0, output: "x".repeat(100_000) });
  expect(await resultAt(disk.archive, jobId, 1)).toMatchObject({ index: 1, error: { message: expect.stringContaining("Cannot show this output") } });
});
