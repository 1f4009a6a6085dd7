import { mkdtemp, rm } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chunkOf, failureOf, sampleJob } from "../contract/samples.ts";
import { commitWhenSpace } from "./commit-when-space.ts";
import { GroupCommit } from "./group-commit.ts";
import { openDatabase } from "./open-database.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";
import { storedChunk } from "./stored-chunk.ts";
import type { Operation } from "./thread-messages.ts";

const { jobId } = sampleJob();
const stored = { type: "changed", count: 1 };

let dataDir = "";
let database: DatabaseSync;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "manyhands-group-"));
  const archive = await openSqliteArchive({ dataDir });
  await archive.createJob(sampleJob({ jobId }), []);
  await archive.close();
  database = openDatabase(join(dataDir, "manyhands.sqlite"));
});
afterEach(async () => {
  database.close();
  await rm(dataDir, { recursive: true });
});

function saveResults(from: number, values: readonly unknown[]): Operation {
  return { type: "save-results", jobId, chunk: storedChunk(chunkOf(from, values)) };
}

function counters(): unknown {
  return { ...database.prepare("SELECT done, failed FROM jobs WHERE job_id = ?").get(jobId) };
}

const failure: Operation = { type: "save-failure", failure: failureOf(jobId, 9) };
const twoRows: Operation = {
  type: "unit",
  statements: ["a", "a"].map((id) => ({ sql: "INSERT INTO staged_jobs (job_id) VALUES (?)", parameters: [id] })),
};

test("GroupCommit.run: a refused operation changes nothing, and the others of its group stand (R2)", () => {
  const replies = new GroupCommit(database).run([saveResults(0, [1, 2]), twoRows, saveResults(1, [0]), failure, failure, saveResults(2, [3])]);
  expect(replies).toEqual([
    stored, expect.objectContaining({ type: "refused", kind: "conflict" }), expect.objectContaining({ type: "refused", kind: "conflict" }),
    stored, expect.objectContaining({ type: "refused", kind: "conflict" }), stored,
  ]);
  expect(counters()).toEqual({ done: 3, failed: 1 });
  expect(database.prepare("SELECT * FROM staged_jobs").all()).toEqual([]);
  expect(database.isTransaction).toBe(false);
});

test("GroupCommit.run: a query in the group sees what came before it, counters too", () => {
  const query: Operation = { type: "query", statement: { sql: "SELECT done FROM jobs WHERE job_id = ?", parameters: [jobId] } };
  const replies = new GroupCommit(database).run([query, saveResults(0, [1, 2]), query, saveResults(2, [3]), query]);
  expect(replies).toMatchObject([{ rows: [{ done: 0 }] }, stored, { rows: [{ done: 2 }] }, stored, { rows: [{ done: 3 }] }]);
});

test("GroupCommit.run: a statement that makes no sense is refused alone", () => {
  const nonsense: Operation = { type: "query", statement: { sql: "SELECT nothing FROM nowhere", parameters: [] } };
  const replies = new GroupCommit(database).run([saveResults(0, [1]), nonsense, saveResults(1, [2])]);
  expect(replies).toEqual([stored, expect.objectContaining({ type: "refused", kind: "invalid-request" }), stored]);
  expect(counters()).toEqual({ done: 2, failed: 0 });
});

test("GroupCommit.run: on a full disk nothing is changed, and the same group can be tried again", () => {
  const groups = new GroupCommit(database);
  allowPages(database, 4);
  const group = [saveResults(0, [1]), failure, saveResults(1, [new Uint8Array(200_000)]), saveResults(2, [3])];
  expect(groups.run(group)).toBe("disk-full");
  expect(database.isTransaction).toBe(false);
  expect(counters()).toEqual({ done: 0, failed: 0 });
  allowPages(database, 1_000);
  expect(groups.run(group)).toEqual([stored, stored, stored, stored]);
  expect(counters()).toEqual({ done: 3, failed: 1 });
});

test("commitWhenSpace: reports a full disk, waits, and commits once there is space", async () => {
  allowPages(database, 4);
  const reports: string[] = [];
  const replies = await commitWhenSpace(new GroupCommit(database), [saveResults(0, [new Uint8Array(200_000)])], (message) => {
    reports.push(message);
    if (reports.length === 2) allowPages(database, 1_000);
  });
  expect(replies).toEqual([stored]);
  expect(reports).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^Cannot write to the archive: the disk is full/)));
});

/** SQLite then answers SQLITE_FULL, as it does when the disk is. */
function allowPages(limited: DatabaseSync, more: number): void {
  const pages = limited.prepare("PRAGMA page_count").get()?.["page_count"];
  limited.exec(`PRAGMA max_page_count = ${Number(pages) + more}`);
}
