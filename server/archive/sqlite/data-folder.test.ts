import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expectRefusal } from "../contract/expectations.ts";
import { sampleJob } from "../contract/samples.ts";
import { MIGRATIONS } from "../migrations.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";

let dataDir = "";
beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), "manyhands-folder-")); });
afterEach(() => rm(dataDir, { recursive: true }));

test("openSqliteArchive: makes the folder where it is missing, with a database and blobs in it", async () => {
  const folder = join(dataDir, "new", "folder");
  const archive = await openSqliteArchive({ dataDir: folder });
  await archive.saveBlob(Uint8Array.of(1));
  await archive.close();
  expect(await readdir(folder)).toEqual(["blobs", "manyhands.sqlite"]);
});

test("openSqliteArchive: a data folder of a newer version is refused in one line, and left as it was", async () => {
  await (await openSqliteArchive({ dataDir })).close();
  const database = new DatabaseSync(join(dataDir, "manyhands.sqlite"));
  database.exec("UPDATE schema_version SET version = 77");
  database.close();
  await expectRefusal(openSqliteArchive({ dataDir }), "conflict");
  await expect(openSqliteArchive({ dataDir })).rejects.toThrow(
    `Cannot open the data folder ${dataDir}: it was written by a newer version (schema 77, this program knows ${MIGRATIONS.length}). Start the newer program.`);
});

test("openSqliteArchive: a folder that cannot be made or written is refused in one line", async () => {
  const file = join(dataDir, "file");
  await writeFile(file, "");
  await expectRefusal(openSqliteArchive({ dataDir: file }), "unavailable");
  await expectRefusal(openSqliteArchive({ dataDir: join(file, "below") }), "unavailable");
  await expect(openSqliteArchive({ dataDir: join(file, "below") })).rejects.toThrow(/^Cannot open the data folder .*file\/below: .*Choose another folder/);
  await expectRefusal(openSqliteArchive({ dataDir: "/proc/manyhands/data" }), "unavailable");
  // A folder in the way of a file: what a missing permission looks like to a user who has them all.
  await (await openSqliteArchive({ dataDir: join(dataDir, "blocked", "manyhands.sqlite") })).close();
  await expectRefusal(openSqliteArchive({ dataDir: join(dataDir, "blocked") }), "unavailable");
});

test("openSqliteArchive: a database that is none is refused, and left as it was", async () => {
  await writeFile(join(dataDir, "manyhands.sqlite"), "not a database, ".repeat(1_000));
  await expectRefusal(openSqliteArchive({ dataDir }), "unavailable");
  expect((await stat(join(dataDir, "manyhands.sqlite"))).size).toBe(16_000);
});

test("createJob: ten million tasks over a range cost a row", async () => {
  const archive = await openSqliteArchive({ dataDir });
  await archive.close();
  const before = await stat(join(dataDir, "manyhands.sqlite"));
  const again = await openSqliteArchive({ dataDir });
  await again.createJob(sampleJob({ tasks: 10_000_000 }), []);
  await again.close();
  const after = await stat(join(dataDir, "manyhands.sqlite"));
  expect(after.size - before.size).toBeLessThan(64 * 1024);
});
