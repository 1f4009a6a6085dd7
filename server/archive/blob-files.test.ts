import { mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlobFiles } from "./blob-files.ts";
import { untilDiskHasSpace } from "./disk-full.ts";

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "manyhands-blobs-")); });
afterEach(() => rm(folder, { recursive: true }));

test("BlobFiles.save: the file is named by its SHA-256, and nothing else is left", async () => {
  const blobs = await BlobFiles.open(folder, console);
  const blobId = await blobs.save(new TextEncoder().encode("abc"));
  expect(blobId).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(["ba", `ba/${blobId}`, "unfinished"]);
});

test("BlobFiles.open: what a crash left unfinished is removed, what is whole stays", async () => {
  const blobId = await (await BlobFiles.open(folder, console)).save(Uint8Array.of(1));
  await writeFile(join(folder, "unfinished", "half"), "half a bl");
  const again = await BlobFiles.open(folder, console);
  expect(await readdir(join(folder, "unfinished"))).toEqual([]);
  expect(await again.read(blobId)).toEqual(Buffer.of(1));
});

test("BlobFiles.idle: settles once every write has", async () => {
  const blobs = await BlobFiles.open(folder, console);
  const saved = blobs.save(new Uint8Array(5_000_000));
  await saved;
  await blobs.idle();
  expect(await readdir(join(folder, "unfinished"))).toEqual([]);
});

test("untilDiskHasSpace: a full disk is told and tried again, another failure is not", async () => {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => { warnings.push(message); } };
  const targets = ["/dev/full", join(folder, "file")];
  await untilDiskHasSpace("write a test", logger, async () => {
    const file = await open(targets.shift() ?? "", "w");
    try {
      await file.writeFile("text");
    } finally {
      await file.close();
    }
  });
  expect(warnings).toEqual(["Cannot write a test: the disk is full. It is tried again; free some space."]);
  await expect(untilDiskHasSpace("write", logger, () => writeFile(join(folder, "no", "folder"), ""))).rejects.toThrow("ENOENT");
  expect(warnings).toHaveLength(1);
});
