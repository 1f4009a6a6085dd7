import type { DatabaseSync, StatementSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import type { AcceptedAnswer } from "../../../scheduler/verification/verification.ts";
import type { RecordedFailure } from "../archive.ts";
import { chunksOf, nearTasks } from "./accepted-chunks.ts";
import { ChunkStatements } from "./chunk-statements.ts";
import { FailureStatements } from "./failure-statements.ts";
import { HeldStatements } from "./held-statements.ts";
import { JobCounters } from "./job-counters.ts";
import { Removals } from "./removals.ts";
import { StagedJobs } from "./staged-jobs.ts";
import type { Operation } from "./thread-messages.ts";

type SaveOperation = Extract<Operation, { type: "save-results" | "save-inputs" | "stage-job" | "abandon-job" | "save-held" | "drop-held" | "add-runs" | "save-caught" }>;

/** Everything that runs once a result, a batch or a job: prepared, and checked before it changes anything. */
export class HotStatements {
  readonly inputs: ChunkStatements;
  readonly results: ChunkStatements;
  readonly held: HeldStatements;
  readonly failures: FailureStatements;
  readonly counters: JobCounters;
  readonly removals: Removals;
  readonly #staged: StagedJobs;
  readonly #setBytes: StatementSync;
  readonly #deleteJob: StatementSync;

  constructor(database: DatabaseSync) {
    this.inputs = new ChunkStatements(database, "inputs");
    this.results = new ChunkStatements(database, "results");
    this.held = new HeldStatements(database);
    this.failures = new FailureStatements(database);
    this.counters = new JobCounters(database);
    this.removals = new Removals(database);
    this.#staged = new StagedJobs(database, this.inputs);
    this.#setBytes = database.prepare("UPDATE jobs SET stored_bytes = ? WHERE job_id = ?");
    this.#deleteJob = database.prepare("DELETE FROM jobs WHERE job_id = ?");
  }

  save(operation: SaveOperation): void {
    const { jobId } = operation;
    switch (operation.type) {
      case "stage-job":
        this.#staged.stage(jobId);
        break;
      case "save-inputs":
        this.#staged.check(jobId);
        this.inputs.insert(jobId, operation.chunk);
        this.removals.use(jobId, operation.chunk.blobIds);
        break;
      case "abandon-job":
        this.#staged.abandon(jobId);
        break;
      case "save-results":
        this.#checkNotEnded(jobId, operation.chunk.range);
        this.results.insert(jobId, operation.chunk);
        this.removals.use(jobId, operation.chunk.blobIds);
        this.counters.addDone(jobId, operation.chunk.range[1] - operation.chunk.range[0], operation.chunk.bytes);
        break;
      case "save-held":
        this.counters.checkTasks(jobId, ...operation.chunk.range);
        this.removals.use(jobId, operation.chunk.blobIds);
        this.held.insert(jobId, operation);
        break;
      case "drop-held":
        this.held.drop(jobId, operation.computeServerId, operation.ranges);
        break;
      case "add-runs":
        this.counters.addRuns(jobId, operation.runs);
        break;
      case "save-caught":
        if (this.held.caught(jobId, operation.computeServerId)) this.counters.addCaught(jobId);
    }
  }

  /** To be run as one unit, with counters that were flushed: what is refused may have been half done. */
  acceptHeld(jobId: string, accepted: readonly AcceptedAnswer[]): void {
    try {
      for (const near of nearTasks(accepted.toSorted((a, b) => a.index - b.index))) {
        const taken = this.held.take(jobId, near);
        for (const chunk of chunksOf(near.flatMap(({ index }) => taken.get(index) ?? []))) this.save({ type: "save-results", jobId, chunk });
      }
    } catch (error) {
      this.counters.forget();
      throw error;
    }
  }

  saveFailure(failure: RecordedFailure): void {
    const { jobId, index } = failure;
    this.#checkNotEnded(jobId, [index, index + 1]);
    this.failures.insert(failure);
    this.counters.addFailed(jobId, 1, failure.message.length + failure.stack.length);
  }

  /** Answers the job that is there in the end: an earlier one where the key was used before. */
  createJob(jobId: string, owner: string, idempotencyKey: string | null, storedBytes: number, insert: () => void): string {
    this.#staged.check(jobId);
    const earlier = idempotencyKey === null ? undefined : this.#staged.earlier(owner, idempotencyKey);
    if (earlier !== undefined) {
      this.#staged.abandon(jobId);
      return earlier;
    }
    insert();
    if (storedBytes > 0) this.#setBytes.run(storedBytes, jobId);
    this.#staged.finish(jobId, owner, idempotencyKey);
    return jobId;
  }

  removeJob(jobId: string): boolean {
    return this.removals.begin(jobId, () => this.#deleteJob.run(jobId));
  }

  abandonStagedJobs(): void {
    this.#staged.abandonAll();
  }

  /** R2: a task ends once. */
  #checkNotEnded(jobId: string, range: readonly [number, number]): void {
    const [from, to] = range;
    this.counters.checkTasks(jobId, from, to);
    if (this.results.touches(jobId, range)) {
      throw new GridError("conflict", `Cannot store the end of tasks ${from} to ${to} of job ${jobId}: there is a result already`);
    }
    if (this.counters.hasFailures(jobId) && this.failures.touches(jobId, range)) {
      throw new GridError("conflict", `Cannot store the end of tasks ${from} to ${to} of job ${jobId}: there is a failure already`);
    }
  }
}
