import type { DatabaseSync, StatementSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import type { ChunkStatements } from "./chunk-statements.ts";
import { text } from "./columns.ts";

/**
 * Jobs on their way in. Their inputs may take many commits; the job's row comes with the last of them, so a job is
 * there whole or not at all. What a crash left staged is removed when the archive opens.
 */
export class StagedJobs {
  readonly #inputs: ChunkStatements;
  readonly #taken: StatementSync;
  readonly #stage: StatementSync;
  readonly #isStaged: StatementSync;
  readonly #unstage: StatementSync;
  readonly #all: StatementSync;
  readonly #earlier: StatementSync;
  readonly #keep: StatementSync;
  readonly #unuse: StatementSync;

  constructor(database: DatabaseSync, inputs: ChunkStatements) {
    this.#inputs = inputs;
    this.#taken = database.prepare("SELECT 1 FROM jobs WHERE job_id = ?");
    this.#stage = database.prepare("INSERT INTO staged_jobs (job_id) VALUES (?)");
    this.#isStaged = database.prepare("SELECT 1 FROM staged_jobs WHERE job_id = ?");
    this.#unstage = database.prepare("DELETE FROM staged_jobs WHERE job_id = ?");
    this.#all = database.prepare("SELECT job_id FROM staged_jobs");
    this.#earlier = database.prepare("SELECT job_id FROM idempotency_keys WHERE owner = ? AND idempotency_key = ?");
    this.#unuse = database.prepare("DELETE FROM blob_uses WHERE job_id = ?");
    this.#keep = database.prepare("INSERT INTO idempotency_keys (owner, idempotency_key, job_id) VALUES (?, ?, ?)");
  }

  /** Throws GridError "conflict" where the job is there already. */
  stage(jobId: string): void {
    if (this.#taken.get(jobId) !== undefined) throw new GridError("conflict", `Cannot create job ${jobId}: there is one with that id`);
    this.#stage.run(jobId);
  }

  /** Throws GridError "conflict" where the job is not staged: its staging was refused. */
  check(jobId: string): void {
    if (this.#isStaged.get(jobId) === undefined) throw new GridError("conflict", `Cannot create job ${jobId}: it is not being stored`);
  }

  /** The job that this owner created under this key before. */
  earlier(owner: string, idempotencyKey: string): string | undefined {
    const row = this.#earlier.get(owner, idempotencyKey);
    return row === undefined ? undefined : text(row, "job_id");
  }

  finish(jobId: string, owner: string, idempotencyKey: string | null): void {
    this.#unstage.run(jobId);
    if (idempotencyKey !== null) this.#keep.run(owner, idempotencyKey, jobId);
  }

  abandon(jobId: string): void {
    if (this.#isStaged.get(jobId) === undefined) return;
    this.#inputs.remove(jobId);
    this.#unuse.run(jobId);
    this.#unstage.run(jobId);
  }

  abandonAll(): void {
    for (const row of this.#all.all()) this.abandon(text(row, "job_id"));
  }
}
