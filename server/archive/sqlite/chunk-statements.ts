import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { IndexRange } from "../../../protocol/index-range.ts";
import { cutPacked } from "../value-chunk.ts";
import { bytes, integer, textOrNull } from "./columns.ts";
import type { ChunkTable, StoredChunk } from "./thread-messages.ts";

/** The hot statements of one table of chunks. Chunks of a job never overlap. */
export class ChunkStatements {
  readonly #lastBefore: StatementSync;
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #ranges: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, table: ChunkTable) {
    this.#lastBefore = database.prepare(
      `SELECT to_index FROM ${table} WHERE job_id = ? AND from_index < ? ORDER BY from_index DESC LIMIT 1`);
    this.#insert = database.prepare(`INSERT INTO ${table} (job_id, from_index, to_index, packed, large_json) VALUES (?, ?, ?, ?, ?)`);
    // The chunk that holds the first index may begin before it; a chunk before that one cannot.
    this.#read = database.prepare(`
      SELECT from_index, to_index, packed, large_json FROM ${table}
      WHERE job_id = ?1 AND from_index < ?3 AND to_index > ?2
        AND from_index >= coalesce((SELECT max(from_index) FROM ${table} WHERE job_id = ?1 AND from_index <= ?2), 0)
      ORDER BY from_index LIMIT ?4`);
    this.#ranges = database.prepare(`SELECT from_index, to_index FROM ${table} WHERE job_id = ? ORDER BY from_index`);
    this.#remove = database.prepare(`DELETE FROM ${table} WHERE job_id = ?`);
  }

  /** Whether a stored chunk holds one of these indexes. One look at the index. */
  touches(jobId: string, [from, to]: IndexRange): boolean {
    const row = this.#lastBefore.get(jobId, to);
    return row !== undefined && integer(row, "to_index") > from;
  }

  insert(jobId: string, { range: [from, to], packed, largeJson }: StoredChunk): void {
    this.#insert.run(jobId, from, to, packed, largeJson);
  }

  /** The packed values are cut to the range; the references to large values are not. */
  read(jobId: string, range: IndexRange, limit: number): StoredChunk[] {
    return this.#read.all(jobId, range[0], range[1], limit).map((row) => ({
      ...cutPacked(bytes(row, "packed"), [integer(row, "from_index"), integer(row, "to_index")], range),
      largeJson: textOrNull(row, "large_json"),
    }));
  }

  /** What the job's chunks cover, as few ranges as can say it. */
  covered(jobId: string): IndexRange[] {
    const merged: [number, number][] = [];
    let last: [number, number] | undefined;
    for (const row of this.#ranges.iterate(jobId)) {
      const from = integer(row, "from_index");
      const to = integer(row, "to_index");
      if (last !== undefined && last[1] === from) last[1] = to;
      else merged.push(last = [from, to]);
    }
    return merged;
  }

  remove(jobId: string): void {
    this.#remove.run(jobId);
  }
}
