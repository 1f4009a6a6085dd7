import type { DatabaseSync, StatementSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import { integer } from "./columns.ts";

interface Counts {
  readonly tasks: number;
  readonly failedBefore: number;
  done: number;
  failed: number;
  runs: number;
  caught: number;
  bytes: number;
}

/**
 * Tasks that ended since the last flush, by job. A job's row can be large, and many results of one job come together:
 * its counters are written once a commit. Rows are right only after a flush.
 */
export class JobCounters {
  readonly #find: StatementSync;
  readonly #update: StatementSync;
  readonly #byJob = new Map<string, Counts>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare("SELECT tasks, failed FROM jobs WHERE job_id = ?");
    this.#update = database.prepare(`
      UPDATE jobs SET done = done + ?, failed = failed + ?, runs = runs + ?, caught_servers = caught_servers + ?, stored_bytes = stored_bytes + ? WHERE job_id = ?`);
  }

  /** Throws GridError "not-found" where the job is not, "invalid-request" where it has no such task. */
  checkTasks(jobId: string, from: number, to: number): void {
    const { tasks } = this.#of(jobId);
    if (from < 0 || to > tasks) {
      throw new GridError("invalid-request", `Cannot store the end of tasks ${from} to ${to} of job ${jobId}: it has ${tasks}`);
    }
  }

  /** Spares the look for one, for the most of jobs. */
  hasFailures(jobId: string): boolean {
    const { failedBefore, failed } = this.#of(jobId);
    return failedBefore + failed > 0;
  }

  addDone(jobId: string, count: number, bytes: number): void {
    const counts = this.#of(jobId);
    counts.done += count;
    counts.bytes += bytes;
  }

  addFailed(jobId: string, count: number, bytes: number): void {
    const counts = this.#of(jobId);
    counts.failed += count;
    counts.bytes += bytes;
  }

  addRuns(jobId: string, count: number): void {
    this.#of(jobId).runs += count;
  }

  addCaught(jobId: string): void {
    this.#of(jobId).caught += 1;
  }

  flush(): void {
    for (const [jobId, { done, failed, runs, caught, bytes }] of this.#byJob) {
      if (done > 0 || failed > 0 || runs > 0 || caught > 0) this.#update.run(done, failed, runs, caught, bytes, jobId);
    }
    this.#byJob.clear();
  }

  /** Drops what a rolled-back transaction had counted. */
  forget(): void {
    this.#byJob.clear();
  }

  #of(jobId: string): Counts {
    const known = this.#byJob.get(jobId);
    if (known !== undefined) return known;
    const row = this.#find.get(jobId);
    if (row === undefined) throw new GridError("not-found", `Cannot store the end of a task: there is no job ${jobId}`);
    const counts = { tasks: integer(row, "tasks"), failedBefore: integer(row, "failed"), done: 0, failed: 0, runs: 0, caught: 0, bytes: 0 };
    this.#byJob.set(jobId, counts);
    return counts;
  }
}
