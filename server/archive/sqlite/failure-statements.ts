import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { IndexRange } from "../../../protocol/index-range.ts";
import type { RecordedFailure } from "../archive.ts";
import { integer } from "./columns.ts";

/** The hot statements of recorded failures. */
export class FailureStatements {
  readonly #inRange: StatementSync;
  readonly #insert: StatementSync;
  readonly #group: StatementSync;
  readonly #indexes: StatementSync;

  constructor(database: DatabaseSync) {
    this.#inRange = database.prepare("SELECT 1 FROM failures WHERE job_id = ? AND task_index >= ? AND task_index < ? LIMIT 1");
    this.#insert = database.prepare("INSERT INTO failures (job_id, task_index, message, stack, attempts, at_ms) VALUES (?, ?, ?, ?, ?, ?)");
    this.#group = database.prepare(`
      INSERT INTO failure_groups (job_id, message, stack, count, first_index) VALUES (?, ?, ?, 1, ?)
      ON CONFLICT (job_id, message) DO UPDATE SET
        count = count + 1,
        stack = CASE WHEN excluded.first_index < first_index THEN excluded.stack ELSE stack END,
        first_index = min(first_index, excluded.first_index)`);
    this.#indexes = database.prepare("SELECT task_index FROM failures WHERE job_id = ? ORDER BY task_index");
  }

  touches(jobId: string, [from, to]: IndexRange): boolean {
    return this.#inRange.get(jobId, from, to) !== undefined;
  }

  insert({ jobId, index, message, stack, attempts, atMs }: RecordedFailure): void {
    this.#insert.run(jobId, index, message, stack, attempts, atMs);
    this.#group.run(jobId, message, stack, index);
  }

  indexes(jobId: string): number[] {
    return Array.from(this.#indexes.iterate(jobId), (row) => integer(row, "task_index"));
  }
}
