import { decodeMulti } from "@msgpack/msgpack";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JobId } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import { openTestArchive, type TestArchive } from "./archive-for-tests.ts";
import { contentTypeOf, resultStream, type ResultFormat } from "./result-stream.ts";

let disk: TestArchive;
beforeEach(async () => { disk = await openTestArchive(); });
afterEach(async () => { await disk.close(); });

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function textOf(job: StoredJob, format: ResultFormat, options: { range?: readonly [number, number]; failures?: boolean } = {}): Promise<string> {
  const { range = [0, job.tasks], failures = false } = options;
  return new TextDecoder().decode(await bytesOf(resultStream(disk.archive, job, { range, format, failures })));
}

function linesOf(text: string): unknown[] {
  return text.split("\n").filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}

async function undecodable(jobId: JobId, index: number): Promise<void> {
  // A map whose key is an array: well-formed MessagePack, and no value.
  await disk.archive.saveResults(jobId, { range: [index, index + 1], packed: packValues([Uint8Array.of(0x81, 0x90, 0x01)]), large: [] });
}

describe("resultStream", () => {
  test("resultStream: every stored result comes once, in index order, however it was stored (R2)", async () => {
    let serial = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), async (sizes, order) => {
      const tasks = sizes.reduce((sum, size) => sum + size, 0);
      const job = await disk.job(`property-${serial++}`, tasks);
      let from = 0;
      const chunks = sizes.map((size) => ({ from: from, outputs: Array.from({ length: size }, () => from++ * 3), key: order.next().value }));
      for (const { from: first, outputs } of chunks.toSorted((a, b) => Number(a.key) - Number(b.key))) await disk.outputs(job.jobId, first, outputs);
      const lines = linesOf(await textOf(job, "ndjson"));
      expect(lines).toEqual(Array.from({ length: tasks }, (_, index) => ({ index, output: index * 3 })));
    }), { numRuns: 30 });
  });

  test("resultStream: what JSON cannot carry is tagged", async () => {
    const job = await disk.job("job-tagged", 6);
    await disk.outputs(job.jobId, 0, [NaN, 2n ** 60n, new Uint8Array([1, 2]), new Date(0), -0, { deep: [Infinity, "ä"] }]);
    expect(linesOf(await textOf(job, "ndjson"))).toEqual([
      { index: 0, output: { $number: "NaN" } },
      { index: 1, output: { $bigint: "1152921504606846976" } },
      { index: 2, output: { $bytes: "AQI=" } },
      { index: 3, output: { $date: "1970-01-01T00:00:00.000Z" } },
      { index: 4, output: { $number: "-0" } },
      { index: 5, output: { deep: [{ $number: "Infinity" }, "ä"] } },
    ]);
  });

  test("resultStream: json is one array, empty without results", async () => {
    const job = await disk.job("job-array", 3);
    expect(JSON.parse(await textOf(job, "json"))).toEqual([]);
    expect(await textOf(job, "ndjson")).toBe("");
    await disk.outputs(job.jobId, 0, ["a", null, [1]]);
    expect(JSON.parse(await textOf(job, "json"))).toEqual([{ index: 0, output: "a" }, { index: 1, output: null }, { index: 2, output: [1] }]);
  });

  test("resultStream: msgpack is a stream of arrays that any reader decodes", async () => {
    const job = await disk.job("job-msgpack", 300);
    await disk.outputs(job.jobId, 0, Array.from({ length: 299 }, (_, n) => ({ n, text: "x".repeat(n) })));
    await disk.failure(job.jobId, 299, "no");
    const bytes = await bytesOf(resultStream(disk.archive, job, { range: [0, 300], format: "msgpack", failures: true }));
    const decoded = [...decodeMulti(bytes)];
    expect(decoded.slice(0, 299)).toEqual(Array.from({ length: 299 }, (_, n) => [n, { n, text: "x".repeat(n) }]));
    expect(decoded[299]).toEqual([299, null, { message: "no", stack: "at task 299" }]);
  });

  test("resultStream: a range cuts both ends, inside chunks", async () => {
    const job = await disk.job("job-range", 100);
    await disk.outputs(job.jobId, 0, Array.from({ length: 50 }, (_, i) => i));
    await disk.outputs(job.jobId, 50, Array.from({ length: 50 }, (_, i) => 50 + i));
    expect(linesOf(await textOf(job, "ndjson", { range: [48, 52] }))).toEqual([48, 49, 50, 51].map((index) => ({ index, output: index })));
  });

  test.each(["ndjson", "json"] as const)("resultStream: %s with failures tells them between the results, by index", async (format) => {
    const job = await disk.job("job-failures", 2_000);
    await disk.outputs(job.jobId, 1, [10, 20]);
    await disk.outputs(job.jobId, 5, [50]);
    for (const index of [0, 3, 4, ...Array.from({ length: 1_200 }, (_, i) => 6 + i)]) await disk.failure(job.jobId, index, `no ${index}`);
    const text = await textOf(job, format, { failures: true });
    const lines: unknown = format === "json" ? JSON.parse(text) : linesOf(text);
    const error = (index: number) => ({ index, error: { message: `no ${index}`, stack: `at task ${index}` } });
    expect(lines).toEqual([
      error(0), { index: 1, output: 10 }, { index: 2, output: 20 }, error(3), error(4), { index: 5, output: 50 },
      ...Array.from({ length: 1_200 }, (_, i) => error(6 + i)),
    ]);
    expect(linesOf(await textOf(job, "ndjson"))).toHaveLength(3);
  });

  test("resultStream: large values are read from their blobs", async () => {
    const job = await disk.job("job-large", 3);
    const large = "z".repeat(300_000);
    const encoded = encodeValue(large);
    const blobId = await disk.archive.saveBlob(encoded);
    const packed = packValues([encodeValue(1), new Uint8Array(0), encodeValue(3)]);
    await disk.archive.saveResults(job.jobId, { range: [0, 3], packed, large: [{ index: 1, blobId, bytes: encoded.byteLength }] });
    expect(linesOf(await textOf(job, "ndjson"))).toEqual([{ index: 0, output: 1 }, { index: 1, output: large }, { index: 2, output: 3 }]);
  });

  test.each(["ndjson", "json", "csv"] as const)("resultStream: an output that cannot be decoded is an error in its place in %s, and the rest comes (R9)", async (format) => {
    const job = await disk.job("job-hostile", 3);
    await disk.outputs(job.jobId, 0, ["before"]);
    await undecodable(job.jobId, 1);
    await disk.outputs(job.jobId, 2, ["after"]);
    const text = await textOf(job, format);
    expect(text).toMatch(/before[^]*Cannot show this output: [^]*after/);
  });

  test("resultStream: bytes that are no value break no msgpack stream (R9)", async () => {
    const job = await disk.job("job-hostile-msgpack", 2);
    await disk.archive.saveResults(job.jobId, { range: [0, 1], packed: packValues([Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)]), large: [] });
    await disk.outputs(job.jobId, 1, ["after"]);
    const bytes = await bytesOf(resultStream(disk.archive, job, { range: [0, 2], format: "msgpack", failures: false }));
    expect([...decodeMulti(bytes)]).toEqual([[0, null, expect.objectContaining({ message: expect.stringContaining("Cannot show this output") })], [1, "after"]]);
  });

  test("resultStream: reads as its reader takes, in pieces of bounded size, and lets others have the event loop", async () => {
    const job = await disk.job("job-many", 400_000);
    for (let from = 0; from < job.tasks; from += 10_000) await disk.outputs(job.jobId, from, Array.from({ length: 10_000 }, (_, i) => from + i));
    let pages = 0;
    const counting: ResultsArchive = new Proxy(disk.archive, {
      get(target, name, receiver) {
        if (name === "results") pages++;
        const member: unknown = Reflect.get(target, name, receiver);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const stream = resultStream(counting, job, { range: [0, job.tasks], format: "ndjson", failures: false });
    expect((await stream.next()).done).toBe(false);
    expect(pages).toBe(1);
    let turns = 0;
    let pieces = 0;
    const turn = () => { turns++; immediate = setImmediate(turn); };
    let immediate = setImmediate(turn);
    for await (const piece of stream) {
      pieces++;
      expect(piece.byteLength).toBeLessThan(300 * 1024);
    }
    clearImmediate(immediate);
    expect(pieces).toBeGreaterThan(20);
    expect(turns).toBeGreaterThanOrEqual(pieces - 1);
    expect(pages).toBeGreaterThan(1);
  });
});

describe("contentTypeOf", () => {
  test("contentTypeOf: names each format", () => {
    expect((["ndjson", "json", "csv", "msgpack"] as const).map(contentTypeOf)).toEqual([
      "application/x-ndjson", "application/json", "text/csv; charset=utf-8; header=present", "application/vnd.msgpack",
    ]);
  });
});
