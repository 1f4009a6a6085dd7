import type { DatabaseSync, StatementSync } from "node:sqlite";
import { text } from "./columns.ts";

/**
 * What hangs on a job, by how its rows are told apart. A part that adds a table of rows of jobs adds it here: what is
 * not named stays for ever.
 */
const TABLES_OF_JOBS = [
  { table: "inputs", key: "rowid" },
  { table: "results", key: "rowid" },
  { table: "held", key: "rowid" },
  { table: "caught_servers", key: "job_id, compute_server_id" },
  { table: "failures", key: "job_id, task_index" },
  { table: "failure_groups", key: "rowid" },
  { table: "outbox", key: "rowid" },
  { table: "job_tags", key: "tag, job_id" },
  { table: "idempotency_keys", key: "owner, idempotency_key" },
] as const;

/** Who uses which large value, and how a job's rows go: a few at a time, so that nobody waits for a large one. */
export class Removals {
  readonly #use: StatementSync;
  readonly #begin: StatementSync;
  readonly #next: StatementSync;
  readonly #end: StatementSync;
  readonly #unuse: StatementSync;
  readonly #isUsed: StatementSync;
  readonly #deletes: readonly StatementSync[];
  readonly #freePages: StatementSync;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#use = database.prepare("INSERT OR IGNORE INTO blob_uses (job_id, blob_id) VALUES (?, ?)");
    this.#begin = database.prepare("INSERT INTO removed_jobs (job_id) SELECT job_id FROM jobs WHERE job_id = ?");
    this.#next = database.prepare("SELECT job_id FROM removed_jobs LIMIT 1");
    this.#end = database.prepare("DELETE FROM removed_jobs WHERE job_id = ?");
    this.#unuse = database.prepare(`
      DELETE FROM blob_uses WHERE (job_id, blob_id) IN (SELECT job_id, blob_id FROM blob_uses WHERE job_id = ? LIMIT ?) RETURNING blob_id`);
    this.#isUsed = database.prepare("SELECT 1 FROM blob_uses WHERE blob_id = ?1 UNION ALL SELECT 1 FROM executables WHERE executable_id = ?1 LIMIT 1");
    this.#deletes = TABLES_OF_JOBS.map(({ table, key }) => database.prepare(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE job_id = ? LIMIT ?)`));
    this.#freePages = database.prepare("PRAGMA freelist_count");
  }

  use(jobId: string, blobIds: readonly string[]): void {
    for (const blobId of blobIds) this.#use.run(jobId, blobId);
  }

  /** From here on nobody finds it. Answers whether it was there. */
  begin(jobId: string, deleteRow: () => void): boolean {
    if (Number(this.#begin.run(jobId).changes) === 0) return false;
    deleteRow();
    return true;
  }

  /** Removes so many rows of one removed job. Answers the large values that nobody uses any more, and whether more is left to do. */
  step(rows: number): { readonly unusedBlobs: readonly string[]; readonly more: boolean } {
    const row = this.#next.get();
    if (row === undefined) return { unusedBlobs: [], more: this.#giveBack(rows) };
    const jobId = text(row, "job_id");
    let left = rows;
    for (const remove of this.#deletes) {
      left -= Number(remove.run(jobId, left).changes);
      if (left <= 0) return { unusedBlobs: [], more: true };
    }
    const dropped = this.#unuse.all(jobId, left).map((blob) => text(blob, "blob_id"));
    if (dropped.length < left) this.#end.run(jobId);
    return { unusedBlobs: dropped.filter((blobId) => !this.isUsed(blobId)), more: true };
  }

  isUsed(blobId: string): boolean {
    return this.#isUsed.get(blobId) !== undefined;
  }

  /** Gives free pages back to the disk, some at a time. Answers whether there are more. */
  #giveBack(pages: number): boolean {
    const before = this.#free();
    if (before === 0) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
    // A file that was made before this was thought of gives nothing back: its pages are used again.
    return this.#free() > 0 && this.#free() < before;
  }

  #free(): number {
    return Number(this.#freePages.get()?.["freelist_count"] ?? 0);
  }
}
