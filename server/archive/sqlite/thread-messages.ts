import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { GridErrorKind } from "../../../protocol/grid-error.ts";
import type { IndexRange, IndexRanges } from "../../../protocol/index-range.ts";
import type { LargeValue } from "../../../protocol/large-values.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { RecordedFailure } from "../archive.ts";

// What passes between the archive and the thread that holds its database. Both ends are this program, so nothing is
// parsed again.

export interface Statement {
  readonly sql: string;
  readonly parameters: SQLInputValue[];
}

export interface StoredChunk {
  readonly range: IndexRange;
  readonly packed: Uint8Array;
  /** JSON of the references to large values, null where there are none. */
  readonly largeJson: string | null;
}

/** A chunk with what the archive counts of it. */
export interface NewChunk extends StoredChunk {
  readonly blobIds: readonly string[];
  /** On disk, large values too. */
  readonly bytes: number;
}

/** Whose outputs they are; its chunk is beside it. */
interface StoredHeldBy {
  readonly computeServerId: string;
  readonly volunteer: string;
  readonly network: string;
}

export interface StoredHeldChunk extends StoredHeldBy {
  readonly chunk: NewChunk;
  readonly answers: readonly AnswerDigest[];
}

export interface StoredHeldVote extends StoredHeldBy {
  readonly index: number;
  readonly answer: AnswerDigest;
}

export interface StoredHeldOutput {
  readonly index: number;
  readonly answer: AnswerDigest;
  /** Empty where it is a blob. */
  readonly value: Uint8Array;
  readonly large: LargeValue | null;
}

export type ChunkTable = "inputs" | "results";

/** Done in the order of the calls. */
export type Operation =
  | { readonly type: "query"; readonly statement: Statement }
  /** All of the statements, or none. */
  | { readonly type: "unit"; readonly statements: readonly Statement[] }
  | { readonly type: "stage-job"; readonly jobId: string }
  | { readonly type: "save-inputs"; readonly jobId: string; readonly chunk: NewChunk }
  | {
      readonly type: "create-job";
      readonly jobId: string;
      readonly owner: string;
      readonly idempotencyKey: string | null;
      readonly statements: readonly Statement[];
      /** What its inputs take. */
      readonly storedBytes: number;
    }
  | { readonly type: "abandon-job"; readonly jobId: string }
  /** Removes what a crash left half stored. */
  | { readonly type: "abandon-staged-jobs" }
  | { readonly type: "save-results"; readonly jobId: string; readonly chunk: NewChunk }
  | ({ readonly type: "save-held"; readonly jobId: string } & StoredHeldChunk)
  | { readonly type: "accept-held"; readonly jobId: string; readonly accepted: readonly AcceptedAnswer[] }
  /** Of one Compute Server, or of "all". */
  | { readonly type: "drop-held"; readonly jobId: string; readonly computeServerId: string; readonly ranges: IndexRanges }
  | { readonly type: "held-votes"; readonly jobId: string }
  | { readonly type: "held-outputs"; readonly jobId: string; readonly range: IndexRange }
  | { readonly type: "add-runs"; readonly jobId: string; readonly runs: number }
  | { readonly type: "save-caught"; readonly jobId: string; readonly computeServerId: string }
  | { readonly type: "save-failure"; readonly failure: RecordedFailure }
  | { readonly type: "read-chunks"; readonly table: ChunkTable; readonly jobId: string; readonly range: IndexRange; readonly limit: number }
  | { readonly type: "task-ends"; readonly jobId: string }
  | { readonly type: "remove-job"; readonly jobId: string }
  /** Removes some rows of removed jobs, or gives some free pages back. */
  | { readonly type: "free-removed"; readonly rows: number }
  | { readonly type: "unused-blobs"; readonly blobIds: readonly string[] }
  | { readonly type: "close" };

/** `Row` is what the database gives inside the thread; outside, the query that asked knows its rows. */
export type Reply<Row = Record<string, SQLOutputValue>> =
  | { readonly type: "rows"; readonly rows: Row[] }
  /** How many rows the last statement changed. */
  | { readonly type: "changed"; readonly count: number }
  | { readonly type: "created"; readonly jobId: string }
  | { readonly type: "chunks"; readonly chunks: readonly StoredChunk[] }
  | { readonly type: "held-votes"; readonly votes: readonly StoredHeldVote[] }
  | { readonly type: "held-outputs"; readonly outputs: readonly StoredHeldOutput[] }
  | { readonly type: "freed"; readonly unusedBlobs: readonly string[]; readonly more: boolean }
  | { readonly type: "task-ends"; readonly done: IndexRanges; readonly failed: readonly number[] }
  | Refusal;

export interface Refusal {
  readonly type: "refused";
  readonly kind: GridErrorKind;
  readonly message: string;
}

export interface Request {
  readonly id: number;
  readonly operation: Operation;
}

/** From the thread. `replies` come when everything that they answer is on disk. */
export type ThreadMessage<Row = Record<string, SQLOutputValue>> =
  | { readonly type: "opened" }
  | { readonly type: "not-opened"; readonly kind: GridErrorKind; readonly message: string }
  | { readonly type: "replies"; readonly replies: readonly { readonly id: number; readonly reply: Reply<Row> }[] }
  | { readonly type: "disk-full"; readonly message: string }
  | { readonly type: "fatal"; readonly error: unknown };
