import type { DatabaseSync, StatementSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import type { IndexRange } from "../../../protocol/index-range.ts";
import { HotStatements } from "./hot-statements.ts";
import { isConstraint, isFull, isStatementFault } from "./sqlite-errors.ts";
import type { Operation, Reply, Statement } from "./thread-messages.ts";

/**
 * Runs many operations in one transaction: one fsync for all of them. An operation that is refused changes nothing and
 * leaves the others alone.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #rollbackTo: StatementSync;
  #hot: HotStatements | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#savepoint = database.prepare("SAVEPOINT operation");
    this.#release = database.prepare("RELEASE operation");
    this.#rollbackTo = database.prepare("ROLLBACK TO operation");
  }

  /**
   * Answers in the order of the operations once all are on disk, or "disk-full" when nothing was changed and all can
   * be tried again. Throws when the database is beyond that: the process must stop, and recovers by starting again.
   */
  run(operations: readonly Operation[]): readonly Reply[] | "disk-full" {
    try {
      const replies = operations.map((operation) => this.#one(operation));
      this.#hot?.counters.flush();
      if (this.#database.isTransaction) this.#commit.run();
      return replies;
    } catch (error) {
      this.#hot?.counters.forget();
      if (!isFull(error)) throw error;
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      return "disk-full";
    }
  }

  /** Moves the write-ahead log into the database and gives back what it took. Only between groups; what does not fit stays. */
  emptyLog(): void {
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  #one(operation: Operation): Reply {
    try {
      switch (operation.type) {
        case "query": return this.#query(operation.statement);
        case "unit": return this.#unit(operation.statements);
        case "close": return { type: "changed", count: 0 };
        default: return this.#hotOne(operation);
      }
    } catch (error) {
      return refusal(error);
    }
  }

  #hotOne(operation: Exclude<Operation, { type: "query" | "unit" | "close" }>): Reply {
    // Prepared on first use, because migrations come before and make the tables.
    const hot = this.#hot ??= new HotStatements(this.#database);
    switch (operation.type) {
      case "read-chunks": return { type: "chunks", chunks: hot[operation.table].read(operation.jobId, operation.range, operation.limit) };
      case "task-ends": return { type: "task-ends", done: hot.results.covered(operation.jobId), failed: hot.failures.indexes(operation.jobId) };
      case "create-job": {
        const { jobId, owner, idempotencyKey, statements, storedBytes } = operation;
        return { type: "created", jobId: this.#atomically(() => hot.createJob(jobId, owner, idempotencyKey, storedBytes, () => this.#runAll(statements))) };
      }
      case "held-votes": {
        const failed = hot.failures.indexes(operation.jobId).map((index): IndexRange => [index, index + 1]);
        return { type: "held-votes", votes: hot.held.votes(operation.jobId, [...hot.results.covered(operation.jobId), ...failed]) };
      }
      case "held-outputs": return { type: "held-outputs", outputs: hot.held.outputs(operation.jobId, operation.range) };
      case "accept-held":
        // Counted before the savepoint is what stays when this one is refused.
        hot.counters.flush();
        this.#atomically(() => hot.acceptHeld(operation.jobId, operation.accepted));
        break;
      case "remove-job": {
        hot.counters.flush();
        return { type: "changed", count: this.#atomically(() => hot.removeJob(operation.jobId)) ? 1 : 0 };
      }
      case "free-removed":
        return { type: "freed", ...this.#atomically(() => hot.removals.step(operation.rows)) };
      case "unused-blobs":
        return { type: "freed", unusedBlobs: operation.blobIds.filter((blobId) => !hot.removals.isUsed(blobId)), more: false };
      case "save-failure":
        this.#atomically(() => hot.saveFailure(operation.failure));
        break;
      case "abandon-staged-jobs":
        this.#beginOnce();
        hot.abandonStagedJobs();
        break;
      default:
        this.#beginOnce();
        hot.save(operation);
    }
    return { type: "changed", count: 1 };
  }

  #query({ sql, parameters }: Statement): Reply {
    this.#hot?.counters.flush();
    return { type: "rows", rows: this.#database.prepare(sql).all(...parameters) };
  }

  #unit(statements: readonly Statement[]): Reply {
    // Before the savepoint: what others counted must stay when this unit is refused.
    this.#hot?.counters.flush();
    return { type: "changed", count: this.#atomically(() => this.#runAll(statements)) };
  }

  #runAll(statements: readonly Statement[]): number {
    let changes = 0;
    for (const { sql, parameters } of statements) changes = Number(this.#database.prepare(sql).run(...parameters).changes);
    return changes;
  }

  #atomically<T>(task: () => T): T {
    this.#beginOnce();
    this.#savepoint.run();
    try {
      const result = task();
      this.#release.run();
      return result;
    } catch (error) {
      // A full disk may have rolled the whole transaction back.
      if (this.#database.isTransaction) {
        this.#rollbackTo.run();
        this.#release.run();
      }
      throw error;
    }
  }

  #beginOnce(): void {
    if (!this.#database.isTransaction) this.#begin.run();
  }
}

/** What the caller is told of an operation that could not be done. Throws what concerns more than this operation. */
function refusal(error: unknown): Reply {
  if (error instanceof GridError) return { type: "refused", kind: error.kind, message: error.message };
  if (!isStatementFault(error) || !(error instanceof Error)) throw error;
  return {
    type: "refused",
    kind: isConstraint(error) ? "conflict" : "invalid-request",
    message: `Cannot store this in the archive: ${error.message}`,
  };
}
