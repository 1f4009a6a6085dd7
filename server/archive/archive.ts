import type { JobLimits } from "../../protocol/http/job-options.ts";
import type { AccountId, BlobId, ComputeServerId, ExecutableId, JobId, Owner } from "../../protocol/ids.ts";
import type { IndexRange, IndexRanges } from "../../protocol/index-range.ts";
import type { LargeValue, LargeValues } from "../../protocol/large-values.ts";
import type { FailureGroup, JobState } from "../../protocol/http/job.ts";
import type { Requirements } from "../../protocol/http/job-options.ts";
import type { AnswerRules } from "../../protocol/http/verification.ts";
import type { View } from "../../protocol/http/view.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../scheduler/verification/verification.ts";
import type { AccountStore } from "./account-store.ts";
import type { OutboxKind } from "./tables.ts";

export interface StoredExecutable {
  readonly executableId: ExecutableId;
  readonly owner: Owner;
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** Where a job's inputs come from: computed from the index, or stored in chunks. */
export type StoredInputs =
  | { readonly kind: "range"; readonly start: number; readonly step: number }
  | { readonly kind: "values" };

export interface StoredJob {
  readonly jobId: JobId;
  readonly name: string;
  readonly owner: Owner;
  readonly executableId: ExecutableId;
  readonly tasks: number;
  readonly inputs: StoredInputs;
  /** JSON text of the submission's `args`, or null. */
  readonly argsJson: string | null;
  readonly view: View | null;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly taskTimeoutMs: number;
  /** Name of the placement policy that it asks for; null: the hub's own. */
  readonly policy: string | null;
  /** What a Compute Server must offer to run it; null: nothing. */
  readonly requires: Requirements | null;
  readonly verification: AnswerRules;
  readonly tags: readonly string[];
  readonly public: boolean;
  /** Opens it to who has its link; null where it is not shared so. */
  readonly shareKey: string | null;
  readonly notifyEmail: string | null;
  /** How long it is kept after its end, as its owner wishes. Left out: as the operator says. */
  readonly keepDays?: number;
  /** What one task may take and give, where that is less than the hub allows. */
  readonly limits?: JobLimits;
  readonly state: JobState;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** From when its time counts, where that is not its end. */
  readonly keptFromMs?: number;
  /** Tasks whose output is on disk. */
  readonly done: number;
  /** Tasks whose failure is on disk. */
  readonly failed: number;
  /** Answers that came, where they are verified: accepted, held, or neither. */
  readonly runs: number;
  /** Compute Servers that gave a wrong answer. */
  readonly caughtServers: number;
}

export type NewJob = Omit<StoredJob, "state" | "keptFromMs" | "startedAtMs" | "endedAtMs" | "done" | "failed" | "runs" | "caughtServers">;

/** Consecutive values of one job: packed (protocol/packed-values.ts), with references to those that are blobs. */
export interface ValueChunk {
  readonly range: IndexRange;
  readonly packed: Uint8Array;
  readonly large: LargeValues;
}

/** Whose answers are held. */
export interface HeldBy {
  readonly computeServerId: ComputeServerId;
  readonly volunteer: string;
  readonly network: string;
}

/** Outputs that were given and not yet accepted, with the answer that each stands for. */
export interface HeldOutputs extends HeldBy {
  readonly chunk: ValueChunk;
  /** One an index of the chunk, in order. */
  readonly answers: readonly AnswerDigest[];
}

/** An answer that is held still. */
export interface HeldVote extends HeldBy {
  readonly index: number;
  readonly answer: AnswerDigest;
}

/** One output that is held still. */
export interface HeldOutput {
  readonly index: number;
  readonly answer: AnswerDigest;
  readonly value: Uint8Array | LargeValue;
}

export interface RecordedFailure {
  readonly jobId: JobId;
  readonly index: number;
  readonly message: string;
  readonly stack: string;
  readonly attempts: number;
  readonly atMs: number;
}

/** Which tasks have ended, as needed to take a job up again. */
export interface TaskEnds {
  readonly done: IndexRanges;
  readonly failed: readonly number[];
}

export interface JobFilter {
  readonly states?: readonly JobState[];
  readonly owner?: Owner;
  readonly publicOnly?: boolean;
  /** Words that name, tags or owner must contain, all of them. */
  readonly text?: string;
  readonly tag?: string;
  /** From an earlier page. Throws GridError "invalid-request" when it is none. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface JobPage {
  readonly jobs: readonly StoredJob[];
  readonly nextCursor: string | null;
}

/** A mail to be sent, kept until it was: the durable outbox. */
export interface OutboxEntry {
  readonly entryId: number;
  readonly jobId: JobId;
  readonly email: string;
  readonly kind: OutboxKind;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
}

export interface StoredComputeServer {
  readonly computeServerId: ComputeServerId;
  /** SHA-256 of the resume token, hexadecimal. */
  readonly tokenHash: string;
  readonly name: string;
  readonly registeredAtMs: number;
  /** Whose it is; null: nobody was signed in. */
  readonly accountId: AccountId | null;
}

/** What becomes of bytes that a full disk does not take: they wait for space, or are refused as GridError "no-space". */
export type WhenFull = "wait" | "refuse";

/** How long jobs are kept after their end where their owner wishes no less; null: for ever. */
export interface KeepingRule {
  readonly keepDays: number | null;
}

/** What an owner has in the archive. */
export interface OwnerUse {
  readonly activeJobs: number;
  readonly openTasks: number;
  /** Created since a given time. */
  readonly jobsSince: number;
  readonly storedBytes: number;
}

/**
 * The Results Archive. A promise that settles means that the change is on disk (R1, R3). Writes commit in groups and
 * in the order of the calls: when one is on disk, so is every earlier one, and a read sees what was called before it.
 * Executables and blobs are files and stand outside of that order: await one before saving what refers to it. Bytes
 * that were handed over must not change until the promise settles. Past a limit of bytes under way, promises settle later.
 */
export interface ResultsArchive {
  /**
   * Stores an Executable's JavaScript under its SHA-256, as this owner's. A second time by the same owner is no error,
   * keeps the first time and need not look at the bytes; what others stored is not told.
   */
  saveExecutable(executableId: ExecutableId, owner: Owner, source: Uint8Array, atMs: number): Promise<StoredExecutable>;
  /** Undefined where this owner has not stored it, whoever else has. */
  executable(executableId: ExecutableId, owner: Owner): Promise<StoredExecutable | undefined>;
  /** Whether a job uses it that everybody may see, or that this key opens. */
  isExecutableShown(executableId: ExecutableId, shareKey: string | undefined): Promise<boolean>;
  executableSource(executableId: ExecutableId): Promise<Uint8Array | undefined>;

  /** Stores bytes under their SHA-256. */
  saveBlob(bytes: Uint8Array, whenFull?: WhenFull): Promise<BlobId>;
  blob(blobId: BlobId): Promise<Uint8Array | undefined>;
  hasBlob(blobId: BlobId): Promise<boolean>;
  /** Notes that this Compute Server brought these bytes: nobody else may name them as an output. */
  saveUpload(computeServerId: ComputeServerId, blobId: BlobId, atMs: number): Promise<void>;
  hasUpload(computeServerId: ComputeServerId, blobId: BlobId): Promise<boolean>;
  removeUploads(beforeMs: number): Promise<void>;

  /** Stores a job and its inputs as one. With an `idempotencyKey` that this owner used before, answers the earlier job's id and stores nothing. */
  createJob(job: NewJob, inputs: Iterable<ValueChunk>, idempotencyKey?: string): Promise<JobId>;
  job(jobId: JobId): Promise<StoredJob | undefined>;
  /** Newest first. */
  jobs(filter: JobFilter): Promise<JobPage>;
  /** Tags of public jobs, most used first. */
  tags(limit: number): Promise<readonly { tag: string; count: number }[]>;
  /** Jobs that have not ended, oldest first. */
  unfinishedJobs(): Promise<readonly StoredJob[]>;
  taskEnds(jobId: JobId): Promise<TaskEnds>;
  /** Sets the state, and the times that go with it. On entering an ended state, in the same commit, adds the outbox entry where there is an address to notify, and forgets what is held. */
  setJobState(jobId: JobId, state: JobState, atMs: number): Promise<void>;
  /** Throws GridError "not-found". */
  setSharing(jobId: JobId, sharing: Pick<StoredJob, "public" | "shareKey">): Promise<void>;
  /** The inputs of these indexes, in order, in as few chunks as they are stored in. */
  inputs(jobId: JobId, range: IndexRange): Promise<readonly ValueChunk[]>;

  /** Stores accepted outputs. The caller has made sure that each (job, index) comes once; the archive refuses a second (R2). */
  saveResults(jobId: JobId, chunk: ValueChunk): Promise<void>;
  /** Keeps outputs that are not accepted: they are no results, and nothing that reads results sees them. */
  saveHeld(jobId: JobId, held: HeldOutputs): Promise<void>;
  /**
   * Makes of each task the output that is held of it with that answer its result, in one commit, and forgets whatever
   * else is held of it. Refuses all of them where one has a result or a failure already (R2), or no such output.
   */
  acceptHeld(jobId: JobId, accepted: readonly AcceptedAnswer[]): Promise<void>;
  /** Forgets what is held of these tasks: of one Compute Server, or of whomever. */
  dropHeld(jobId: JobId, computeServerId: ComputeServerId | "all", ranges: IndexRanges): Promise<void>;
  /** What is held of a job and has not ended, in the order in which it came. */
  held(jobId: JobId): Promise<readonly HeldVote[]>;
  /** The outputs that are held of these tasks, in the order in which they came. */
  heldOutputs(jobId: JobId, range: IndexRange): Promise<readonly HeldOutput[]>;
  /** Counts answers that came of a job whose answers are verified. */
  addRuns(jobId: JobId, runs: number): Promise<void>;
  /** Counts a Compute Server that gave the job a wrong answer, once. */
  saveCaught(jobId: JobId, computeServerId: ComputeServerId): Promise<void>;
  saveFailure(failure: RecordedFailure): Promise<void>;
  forgetFailures(jobId: JobId): Promise<void>;
  /** Stored chunks that touch the range, in index order, at most `limit`; cut to the range. */
  results(jobId: JobId, range: IndexRange, limit: number): Promise<readonly ValueChunk[]>;
  failures(jobId: JobId, range: IndexRange, limit: number): Promise<readonly RecordedFailure[]>;
  failureGroups(jobId: JobId, limit: number): Promise<readonly FailureGroup[]>;

  dueMail(nowMs: number, limit: number): Promise<readonly OutboxEntry[]>;
  mailSent(entryId: number): Promise<void>;
  /** Puts the next try off; null gives up, the entry stays with its error. */
  mailFailed(entryId: number, error: string, nextAttemptAtMs: number | null): Promise<void>;

  ownerUse(owner: Owner, sinceMs: number): Promise<OwnerUse>;
  /** The job that this owner created under this key. */
  earlierJob(owner: Owner, idempotencyKey: string): Promise<JobId | undefined>;

  /** From when it settles, nobody finds the job. What it takes on disk is freed later, by `freeRemoved`. Answers whether it was there. */
  removeJob(jobId: JobId): Promise<boolean>;
  /** Frees what removed jobs take, bit by bit, between other operations; also what a crash left to be freed. */
  freeRemoved(): Promise<void>;
  /** Removes Executables and files that nobody uses and nobody asked for within the last hour. Answers how many. */
  sweep(nowMs: number): Promise<number>;
  /** Ended jobs whose time is over. */
  overdueJobs(rule: KeepingRule, nowMs: number, limit: number): Promise<readonly JobId[]>;
  /** Adds to the outbox a warning for each job with an address whose time is over within `warnDays`, or half of its time, once. */
  warnOwners(rule: KeepingRule & { readonly warnDays: number }, nowMs: number): Promise<number>;
  /** The job's time counts from then on. Throws GridError "conflict" where it has not ended. */
  keepFrom(jobId: JobId, fromMs: number): Promise<void>;

  saveComputeServer(server: StoredComputeServer): Promise<void>;
  computeServer(computeServerId: ComputeServerId): Promise<StoredComputeServer | undefined>;

  readonly accounts: AccountStore;

  /** Commits what is open and closes. */
  close(): Promise<void>;
}
