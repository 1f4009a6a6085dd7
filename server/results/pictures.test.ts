import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pino from "pino";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { IndexRange } from "../../protocol/index-range.ts";
import type { JobId } from "../../protocol/ids.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { ChangeFeed, openTestArchive, type TestArchive } from "./archive-for-tests.ts";
import { createPictures, type Picture, type Pictures } from "./pictures.ts";

const SIDE = 64;
const IMAGE = { kind: "image", width: 4 * SIDE, height: SIDE } as const;
const CHART = { kind: "chart", spec: { mark: "point", encoding: { x: { field: "index", type: "quantitative" } } } } as const;

let disk: TestArchive;
let feed: ChangeFeed;
let pictures: Pictures;

function open(archive: ResultsArchive = disk.archive): void {
  feed = new ChangeFeed();
  pictures = createPictures({ archive, onChange: feed.onChange, dataDir: disk.dataDir, logger: pino({ level: "silent" }) });
}
beforeEach(async () => {
  disk = await openTestArchive();
  open();
});
afterEach(async () => {
  await pictures.close();
  await disk.close();
});

function tile(position: number): unknown {
  return { x: position * SIDE, y: 0, width: SIDE, height: SIDE, rgba: new Uint8Array(SIDE * SIDE * 4).fill(255) };
}

/** Which of the four tiles show. */
async function tilesOf(picture: Picture | undefined): Promise<boolean[]> {
  const { data, info } = await sharp(picture?.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return [0, 1, 2, 3].map((position) => data[(info.width + position * SIDE + 1) * 4 + 3] === 255);
}

async function commit(jobId: JobId, from: number, outputs: readonly unknown[]): Promise<void> {
  await disk.outputs(jobId, from, outputs);
  feed.tell(jobId, { type: "results", ranges: [[from, from + outputs.length]] });
}

async function end(jobId: JobId, atMs: number, state: "completed" | "failed" | "cancelled" = "completed"): Promise<void> {
  await disk.archive.setJobState(jobId, state, atMs);
  feed.tell(jobId, { type: "state" });
}

/** The real archive, noting which stored results were read. */
function noting(read: IndexRange[]): ResultsArchive {
  return new Proxy(disk.archive, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      if (name !== "results") return member.bind(target);
      return async (jobId: JobId, range: IndexRange, limit: number) => {
        const chunks = await target.results(jobId, range, limit);
        read.push(...chunks.map((chunk) => chunk.range));
        return chunks;
      };
    },
  });
}

describe("createPictures", () => {
  test("picture: none for a job that is not there or whose view has none", async () => {
    const { jobId } = await disk.job("job-table", 1, { view: { kind: "table" } });
    const { jobId: viewless } = await disk.job("job-viewless", 1);
    expect(await pictures.picture(jobId)).toBeUndefined();
    expect(await pictures.picture(viewless)).toBeUndefined();
  });

  test("picture: an image grows with what is committed, and reads nothing twice", async () => {
    await pictures.close();
    const read: IndexRange[] = [];
    open(noting(read));
    const { jobId } = await disk.job("job-growing", 4, { view: IMAGE });
    await commit(jobId, 1, [tile(1)]);
    const first = await pictures.picture(jobId);
    expect(first?.contentType).toBe("image/png");
    expect(await tilesOf(first)).toEqual([false, true, false, false]);
    await commit(jobId, 3, [tile(3)]);
    await vi.waitFor(async () => expect(await tilesOf(await pictures.picture(jobId))).toEqual([false, true, false, true]), { timeout: 60_000, interval: 50 });
    expect((await pictures.picture(jobId))?.version).not.toBe(first?.version);
    expect(read).toEqual([[1, 2], [3, 4]]);
  });

  test("picture: is not encoded again while nothing is new, and shared by all who ask at once", async () => {
    const { jobId } = await disk.job("job-shared", 4, { view: IMAGE });
    await commit(jobId, 0, [tile(0)]);
    const [one, other] = await Promise.all([pictures.picture(jobId), pictures.picture(jobId)]);
    expect(one?.bytes).toBe(other?.bytes);
    expect((await pictures.picture(jobId))?.bytes).toBe(one?.bytes);
  });

  test("picture: at a job's end it is drawn without being asked for and kept as a file, which a new start serves", async () => {
    const { jobId } = await disk.job("job-kept", 4, { view: IMAGE });
    await commit(jobId, 0, [0, 1, 2, 3].map(tile));
    await end(jobId, 9_000);
    await vi.waitFor(async () => expect(await readdir(join(disk.dataDir, "pictures"))).toEqual([`${jobId}.png`]), { timeout: 60_000 });
    const last = await pictures.picture(jobId);
    await pictures.close();
    disk = await disk.reopen();
    const read: IndexRange[] = [];
    open(noting(read));
    const served = await pictures.picture(jobId);
    expect(served?.version).toBe(last?.version);
    expect(await tilesOf(served)).toEqual([true, true, true, true]);
    expect(read).toEqual([]);
  });

  test("picture: a job that ended while the hub was down is drawn when somebody looks", async () => {
    const { jobId } = await disk.job("job-unseen", 4, { view: IMAGE });
    await disk.outputs(jobId, 2, [tile(2)]);
    await disk.archive.setJobState(jobId, "cancelled", 9_000);
    expect(await tilesOf(await pictures.picture(jobId))).toEqual([false, false, true, false]);
  });

  test("picture: a job that was retried and ended anew shows what it gained", async () => {
    const { jobId } = await disk.job("job-retried", 4, { view: IMAGE });
    await commit(jobId, 0, [tile(0)]);
    await end(jobId, 9_000, "failed");
    const failed = await pictures.picture(jobId);
    expect(await tilesOf(failed)).toEqual([true, false, false, false]);
    await disk.archive.setJobState(jobId, "running", 10_000);
    await commit(jobId, 1, [tile(1), tile(2), tile(3)]);
    await end(jobId, 11_000);
    const completed = await pictures.picture(jobId);
    expect(await tilesOf(completed)).toEqual([true, true, true, true]);
    expect(completed?.version).not.toBe(failed?.version);
  });

  test("picture: broken tiles, and what a crash left of a file, spoil nothing (R9)", async () => {
    const { jobId } = await disk.job("job-broken", 4, { view: IMAGE });
    await commit(jobId, 0, [tile(0), "no tile", { x: 9_999, y: 0, width: 1, height: 1, rgba: new Uint8Array(4) }, tile(3)]);
    await end(jobId, 9_000);
    expect(await tilesOf(await pictures.picture(jobId))).toEqual([true, false, false, true]);
    await writeFile(join(disk.dataDir, "pictures", `${jobId}.png`), "half a picture");
    expect(await tilesOf(await pictures.picture(jobId))).toEqual([true, false, false, true]);
  });

  test("picture: a chart is drawn while its job runs and kept at its end", async () => {
    const { jobId } = await disk.job("job-chart", 3, { view: CHART });
    await commit(jobId, 0, [{ a: 1 }, { a: 2 }]);
    const growing = await pictures.picture(jobId);
    expect(growing?.contentType).toBe("image/svg+xml");
    expect(new TextDecoder().decode(growing?.bytes).match(/aria-roledescription="point"/g)).toHaveLength(2);
    await commit(jobId, 2, [{ a: 3 }]);
    await end(jobId, 9_000);
    const kept = await pictures.picture(jobId);
    expect(new TextDecoder().decode(kept?.bytes).match(/aria-roledescription="point"/g)).toHaveLength(3);
    expect(await readdir(join(disk.dataDir, "pictures"))).toEqual([`${jobId}.svg`]);
  });

  test("picture: a chart that cannot be drawn says why, without being drawn each time", async () => {
    const { jobId } = await disk.job("job-bad-chart", 1, { view: { kind: "chart", spec: { data: { url: "http://127.0.0.1:9/x" }, mark: "bar" } } });
    await end(jobId, 9_000);
    const reason = (asked: Promise<unknown>) => asked.then(() => "drawn", (error: unknown) => error);
    const first = await reason(pictures.picture(jobId));
    expect(first).toMatchObject({ kind: "invalid-request", message: expect.stringContaining("Cannot draw this chart: it loads or links") });
    expect(await reason(pictures.picture(jobId))).toBe(first);
  });

  test("picture: more jobs than are kept in memory all show, also when asked for again", async () => {
    const jobs: JobId[] = [];
    for (let i = 0; i < 20; i++) {
      const { jobId } = await disk.job(`job-many-${i}`, 4, { view: IMAGE });
      await commit(jobId, i % 4, [tile(i % 4)]);
      jobs.push(jobId);
    }
    for (let round = 0; round < 2; round++) {
      for (const [i, jobId] of jobs.entries()) expect((await tilesOf(await pictures.picture(jobId))).indexOf(true)).toBe(i % 4);
    }
  });

  test("picture: an 8192 x 8192 image is drawn whole while the event loop goes on", async () => {
    const side = 256;
    const { jobId } = await disk.job("job-huge", 256, { view: { kind: "image", width: 8_192, height: 8_192 } });
    for (let row = 0; row < 32; row++) {
      const outputs = Array.from({ length: 8 }, (_, column) => ({ x: column * 1_024, y: row * side, width: 1_024, height: side, rgba: new Uint8Array(1_024 * side * 4).fill(200) }));
      await disk.outputs(jobId, row * 8, outputs);
    }
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const { width, height } = await sharp((await pictures.picture(jobId))?.bytes).metadata();
    clearInterval(ticking);
    expect([width, height]).toEqual([8_192, 8_192]);
    // One turn a row of tiles at the least: no row is drawn while others wait for more than its own time.
    expect(turns).toBeGreaterThan(32);
  });

  test("close: stops listening and turns away who still waits", async () => {
    const { jobId } = await disk.job("job-closing", 4, { view: IMAGE });
    await pictures.close();
    expect(feed.listeners).toBe(0);
    await expect(pictures.picture(jobId)).rejects.toMatchObject({ kind: "unavailable" });
  });
});
