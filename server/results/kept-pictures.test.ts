import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobIdSchema } from "../../protocol/ids.ts";
import { KeptPictures } from "./kept-pictures.ts";

const jobId = jobIdSchema.parse("job-kept-1");
const bytes = Uint8Array.of(1, 2, 3);
let dataDir: string;
beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), "manyhands-kept-")); });
afterEach(async () => { await rm(dataDir, { recursive: true, force: true }); });

test("KeptPictures: gives back what was kept, for this job, kind and end alone", async () => {
  const kept = new KeptPictures(dataDir);
  const endedAtMs = 1_763_920_000_123;
  expect(await kept.read(jobId, "png", endedAtMs)).toBeUndefined();
  await kept.write(jobId, "png", endedAtMs, bytes);
  expect(await new KeptPictures(dataDir).read(jobId, "png", endedAtMs)).toEqual(Buffer.from(bytes));
  expect(await kept.read(jobId, "svg", endedAtMs)).toBeUndefined();
  expect(await kept.read(jobId, "png", endedAtMs + 1)).toBeUndefined();
});

test("KeptPictures: what a crash left half written is never given, and is written over", async () => {
  const kept = new KeptPictures(dataDir);
  await kept.write(jobId, "png", 1_000, bytes);
  await writeFile(join(dataDir, "pictures", `${jobId}.png.part`), "half");
  expect(await kept.read(jobId, "png", 1_000)).toEqual(Buffer.from(bytes));
  await kept.write(jobId, "png", 2_000, Uint8Array.of(9));
  expect(await kept.read(jobId, "png", 2_000)).toEqual(Buffer.from([9]));
  expect(await readdir(join(dataDir, "pictures"))).toEqual([`${jobId}.png`]);
});
