import { mkdtemp, rm } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chunkOf, failureOf, sampleJob } from "../contract/samples.ts";
import { CommitWhenSpace } from "./commit-when-space.ts";
import { GroupCommit } from "./group-commit.ts";
import { openDatabase } from "./open-database.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";
import { storedChunk } from "./stored-chunk.ts";
import type { Operation, Reply } from "./thread-messages.ts";

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

test("CommitWhenSpace.commit: on a full disk reads are answered and submissions refused, results wait, and are committed once there is space", async () => {
  allowPages(database, 4);
  const query: Operation = { type: "query", statement: { sql: "SELECT done FROM jobs WHERE job_id = ?", parameters: [jobId] } };
  const submission: Operation[] = [
    { type: "stage-job", jobId: "another-job" }, { type: "create-job", jobId: "another-job", owner: "ann", idempotencyKey: null, statements: [], storedBytes: 0 },
  ];
  const operations = [query, saveResults(0, [new Uint8Array(200_000)]), ...submission, query];
  const answers = new Map<number, Reply>();
  const reports: string[] = [];
  let looks = 0;
  const commits = new CommitWhenSpace(new GroupCommit(database), {
    answer: (requests, replies) => requests.forEach(({ id }, i) => { if (replies[i] !== undefined) answers.set(id, replies[i]); }),
    // What comes while it is full; then there is space.
    arrived: () => {
      looks++;
      if (looks === 2) allowPages(database, 1_000);
      return looks === 1 ? [{ id: 10, operation: query }, { id: 11, operation: saveResults(1, [2]) }] : [];
    },
    report: (message) => reports.push(message),
  });
  await commits.commit(operations.map((operation, i) => ({ id: i + 1, operation })));
  const before = { rows: [{ done: 0 }] };
  const refused = { type: "refused", kind: "no-space" };
  expect([1, 3, 4, 5, 10].map((id) => answers.get(id))).toMatchObject([before, refused, refused, before, before]);
  expect([2, 11].map((id) => answers.get(id))).toEqual([stored, stored]);
  expect(counters()).toEqual({ done: 2, failed: 0 });
  expect(database.prepare("SELECT count(*) AS staged FROM staged_jobs WHERE job_id = 'another-job'").get()).toEqual({ staged: 0 });
  expect(reports).toEqual([expect.stringMatching(/^Cannot write to the archive: the disk is full/), expect.stringContaining("has space")]);
});

test("CommitWhenSpace.commit: a submission of which a part was refused is refused to its end, also when there is space again", async () => {
  const replies = new Map<number, Reply>();
  const commits = new CommitWhenSpace(new GroupCommit(database), {
    answer: (requests, answers) => requests.forEach(({ id }, i) => { if (answers[i] !== undefined) replies.set(id, answers[i]); }),
    arrived: () => {
      allowPages(database, 1_000);
      return [];
    },
    report: () => undefined,
  });
  const inputs = (from: number, bytes: number): Operation => ({ type: "save-inputs", jobId: "long-job", chunk: storedChunk({ range: [from, from + 1], packed: new Uint8Array(bytes), large: [] }) });
  await commits.commit([{ id: 1, operation: { type: "stage-job", jobId: "long-job" } }]);
  allowPages(database, 4);
  await commits.commit([{ id: 2, operation: inputs(0, 200_000) }]);
  await commits.commit([{ id: 3, operation: inputs(1, 10) }, { id: 4, operation: { type: "create-job", jobId: "long-job", owner: "ann", idempotencyKey: null, statements: [], storedBytes: 0 } }]);
  expect([1, 2, 3, 4].map((id) => replies.get(id)?.type)).toEqual(["changed", "refused", "refused", "refused"]);
  expect(database.prepare("SELECT (SELECT count(*) FROM staged_jobs WHERE job_id = 'long-job') + (SELECT count(*) FROM inputs WHERE job_id = 'long-job') AS rows").get()).toEqual({ rows: 0 });
});

/** SQLite then answers SQLITE_FULL, as it does when the disk is. */
function allowPages(limited: DatabaseSync, more: number): void {
  const pages = limited.prepare("PRAGMA page_count").get()?.["page_count"];
  limited.exec(`PRAGMA max_page_count = ${Number(pages) + more}`);
}
