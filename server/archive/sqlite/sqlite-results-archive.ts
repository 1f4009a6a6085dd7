import { Kysely, type CompiledQuery } from "kysely";
import { GridError } from "../../../protocol/grid-error.ts";
import type { FailureGroup, JobState } from "../../../protocol/http/job.ts";
import { blobIdSchema, computeServerIdSchema, jobIdSchema, type BlobId, type ComputeServerId, type ExecutableId, type JobId, type Owner } from "../../../protocol/ids.ts";
import type { IndexRange, IndexRanges } from "../../../protocol/index-range.ts";
import type {
  HeldOutput, HeldOutputs, HeldVote, JobFilter, JobPage, KeepingRule, NewJob, OutboxEntry, OwnerUse, RecordedFailure, ResultsArchive, StoredComputeServer, StoredExecutable, StoredJob, TaskEnds, ValueChunk, WhenFull,
} from "../archive.ts";
import type { BlobFiles } from "../blob-files.ts";
import type { AccountStore } from "../account-store.ts";
import { RecordedAccounts } from "../records/account-store-records.ts";
import { deleteUploads, findComputeServer, findUpload, putComputeServer, putUpload } from "../records/compute-server-records.ts";
import { findExecutable, hasExecutable, insertExecutable, isExecutableShown } from "../records/executable-records.ts";
import { forgetFailures, listFailureGroups, listFailures } from "../records/failure-records.ts";
import { findJob, insertJob, listJobs, listTags, listUnfinishedJobs, setJobState, setSharing } from "../records/job-records.ts";
import {
  findEarlierJob, findOwnerUse, keepFrom, listOverdue, listUnusedExecutables, removeExecutable, warnOwners,
} from "../records/keeping-records.ts";
import { listDueMail, putOffMail, removeMail } from "../records/outbox-records.ts";
import type { Records } from "../records/records.ts";
import type { Tables } from "../tables.ts";
import type { AcceptedAnswer } from "../../../scheduler/verification/verification.ts";
import { heldChunks } from "../held-chunks.ts";
import { checkChunk } from "../value-chunk.ts";
import { ARCHIVE_LIMITS } from "../../limits.ts";
import type { ArchiveThread } from "./archive-thread.ts";
import { createJob } from "./create-job.ts";
import { expectReply } from "./expect-reply.ts";
import { storedChunk, valueChunk } from "./stored-chunk.ts";
import { ThreadDialect, toStatement } from "./thread-dialect.ts";
import type { ChunkTable } from "./thread-messages.ts";

/** Rows, pages or Executables that are removed in one go. */
const FREED_AT_ONCE = 1_000;
/** A file that was stored, or asked for, within this time may be about to be used. */
const UNUSED_MS = 60 * 60 * 1000;

/** The Results Archive in one SQLite database and a folder of blobs. */
export class SqliteResultsArchive implements ResultsArchive {
  readonly #thread: ArchiveThread;
  readonly #blobs: BlobFiles;
  readonly #records: Records;
  readonly accounts: AccountStore;
  /** Some of the Executables that are on disk, by id and owner. None is ever changed; who removes one takes it out. */
  readonly #executables = new Map<string, StoredExecutable>();
  #closed: Promise<void> | undefined;

  constructor(thread: ArchiveThread, blobs: BlobFiles) {
    this.#thread = thread;
    this.#blobs = blobs;
    this.#records = threadRecords(thread);
    this.accounts = new RecordedAccounts(this.#records);
  }

  async saveExecutable(executableId: ExecutableId, owner: Owner, source: Uint8Array, atMs: number): Promise<StoredExecutable> {
    const known = this.#executables.get(`${executableId} ${owner}`);
    if (known !== undefined && await this.#blobs.has(blobIdSchema.parse(executableId))) return known;
    const blobId = await this.#blobs.save(source, "refuse");
    if (blobId !== blobIdSchema.parse(executableId)) {
      throw new GridError("invalid-request", `Cannot store Executable ${executableId}: the SHA-256 of its bytes is ${blobId}`);
    }
    const executable: StoredExecutable = { executableId, owner, bytes: source.byteLength, createdAtMs: atMs };
    await insertExecutable(this.#records, executable);
    return await this.executable(executableId, owner) ?? executable;
  }

  async executable(executableId: ExecutableId, owner: Owner): Promise<StoredExecutable | undefined> {
    const stored = this.#executables.get(`${executableId} ${owner}`) ?? await findExecutable(this.#records, executableId, owner);
    // Its file is touched, so that it stays for the job that is about to use it.
    if (stored !== undefined && !await this.#blobs.has(blobIdSchema.parse(executableId))) return undefined;
    if (stored !== undefined) this.#remember(stored);
    return stored;
  }

  async executableSource(executableId: ExecutableId): Promise<Uint8Array | undefined> {
    return await hasExecutable(this.#records, executableId) ? this.blob(blobIdSchema.parse(executableId)) : undefined;
  }

  isExecutableShown(executableId: ExecutableId, shareKey: string | undefined): Promise<boolean> {
    return isExecutableShown(this.#records, executableId, shareKey);
  }

  saveBlob(bytes: Uint8Array, whenFull: WhenFull = "wait"): Promise<BlobId> {
    return this.#blobs.save(bytes, whenFull);
  }

  blob(blobId: BlobId): Promise<Uint8Array | undefined> {
    return this.#blobs.read(blobId);
  }

  hasBlob(blobId: BlobId): Promise<boolean> {
    return this.#blobs.has(blobId);
  }

  saveUpload(computeServerId: ComputeServerId, blobId: BlobId, atMs: number): Promise<void> {
    return putUpload(this.#records, computeServerId, blobId, atMs);
  }

  hasUpload(computeServerId: ComputeServerId, blobId: BlobId): Promise<boolean> {
    return findUpload(this.#records, computeServerId, blobId);
  }

  removeUploads(beforeMs: number): Promise<void> {
    return deleteUploads(this.#records, beforeMs);
  }

  async createJob(job: NewJob, inputs: Iterable<ValueChunk>, idempotencyKey?: string): Promise<JobId> {
    const statements = insertJob(this.#records, job).map(toStatement);
    return jobIdSchema.parse(await createJob(this.#thread, job, statements, inputs, idempotencyKey ?? null));
  }

  job(jobId: JobId): Promise<StoredJob | undefined> {
    return findJob(this.#records, jobId);
  }

  jobs(filter: JobFilter): Promise<JobPage> {
    return listJobs(this.#records, filter);
  }

  tags(limit: number): Promise<readonly { tag: string; count: number }[]> {
    return listTags(this.#records, limit);
  }

  unfinishedJobs(): Promise<readonly StoredJob[]> {
    return listUnfinishedJobs(this.#records);
  }

  async taskEnds(jobId: JobId): Promise<TaskEnds> {
    const { done, failed } = expectReply(await this.#thread.run({ type: "task-ends", jobId }), "task-ends");
    return { done, failed };
  }

  setJobState(jobId: JobId, state: JobState, atMs: number): Promise<void> {
    return setJobState(this.#records, jobId, state, atMs);
  }

  setSharing(jobId: JobId, sharing: Pick<StoredJob, "public" | "shareKey">): Promise<void> {
    return setSharing(this.#records, jobId, sharing);
  }

  inputs(jobId: JobId, range: IndexRange): Promise<readonly ValueChunk[]> {
    return this.#readChunks("inputs", jobId, range, range[1] - range[0]);
  }

  async saveResults(jobId: JobId, chunk: ValueChunk): Promise<void> {
    checkChunk(chunk);
    expectReply(await this.#thread.run({ type: "save-results", jobId, chunk: storedChunk(chunk) }), "changed");
  }

  async saveHeld(jobId: JobId, held: HeldOutputs): Promise<void> {
    const replies = heldChunks(jobId, held).map(({ chunk, ...rest }) => this.#thread.run({ type: "save-held", jobId, ...rest, chunk: storedChunk(chunk) }));
    for (const reply of await Promise.all(replies)) expectReply(reply, "changed");
  }

  async acceptHeld(jobId: JobId, accepted: readonly AcceptedAnswer[]): Promise<void> {
    expectReply(await this.#thread.run({ type: "accept-held", jobId, accepted }), "changed");
  }

  async dropHeld(jobId: JobId, computeServerId: ComputeServerId | "all", ranges: IndexRanges): Promise<void> {
    expectReply(await this.#thread.run({ type: "drop-held", jobId, computeServerId, ranges }), "changed");
  }

  async held(jobId: JobId): Promise<readonly HeldVote[]> {
    const { votes } = expectReply(await this.#thread.run({ type: "held-votes", jobId }), "held-votes");
    return votes.map((vote) => ({ ...vote, computeServerId: computeServerIdSchema.parse(vote.computeServerId) }));
  }

  async heldOutputs(jobId: JobId, range: IndexRange): Promise<readonly HeldOutput[]> {
    const { outputs } = expectReply(await this.#thread.run({ type: "held-outputs", jobId, range }), "held-outputs");
    return outputs.map(({ index, answer, value, large }) => ({ index, answer, value: large ?? value }));
  }

  async addRuns(jobId: JobId, runs: number): Promise<void> {
    expectReply(await this.#thread.run({ type: "add-runs", jobId, runs }), "changed");
  }

  async saveCaught(jobId: JobId, computeServerId: ComputeServerId): Promise<void> {
    expectReply(await this.#thread.run({ type: "save-caught", jobId, computeServerId }), "changed");
  }

  async saveFailure(failure: RecordedFailure): Promise<void> {
    expectReply(await this.#thread.run({ type: "save-failure", failure }), "changed");
  }

  forgetFailures(jobId: JobId): Promise<void> {
    return forgetFailures(this.#records, jobId);
  }

  results(jobId: JobId, range: IndexRange, limit: number): Promise<readonly ValueChunk[]> {
    return this.#readChunks("results", jobId, range, limit);
  }

  failures(jobId: JobId, range: IndexRange, limit: number): Promise<readonly RecordedFailure[]> {
    return listFailures(this.#records, jobId, range, limit);
  }

  failureGroups(jobId: JobId, limit: number): Promise<readonly FailureGroup[]> {
    return listFailureGroups(this.#records, jobId, limit);
  }

  dueMail(nowMs: number, limit: number): Promise<readonly OutboxEntry[]> {
    return listDueMail(this.#records, nowMs, limit);
  }

  mailSent(entryId: number): Promise<void> {
    return removeMail(this.#records, entryId);
  }

  mailFailed(entryId: number, error: string, nextAttemptAtMs: number | null): Promise<void> {
    return putOffMail(this.#records, entryId, error, nextAttemptAtMs);
  }

  ownerUse(owner: Owner, sinceMs: number): Promise<OwnerUse> {
    return findOwnerUse(this.#records, owner, sinceMs);
  }

  earlierJob(owner: Owner, idempotencyKey: string): Promise<JobId | undefined> {
    return findEarlierJob(this.#records, owner, idempotencyKey);
  }

  async removeJob(jobId: JobId): Promise<boolean> {
    return expectReply(await this.#thread.run({ type: "remove-job", jobId }), "changed").count > 0;
  }

  async freeRemoved(): Promise<void> {
    for (let more = true; more;) {
      const freed = expectReply(await this.#thread.run({ type: "free-removed", rows: FREED_AT_ONCE }), "freed");
      for (const blobId of freed.unusedBlobs) await this.#blobs.remove(blobIdSchema.parse(blobId), Date.now() - UNUSED_MS);
      more = freed.more;
    }
  }

  async sweep(nowMs: number): Promise<number> {
    return await this.#sweepExecutables(nowMs) + await this.#sweepBlobs(nowMs);
  }

  overdueJobs(rule: KeepingRule, nowMs: number, limit: number): Promise<readonly JobId[]> {
    return listOverdue(this.#records, rule, nowMs, limit);
  }

  warnOwners(rule: KeepingRule & { readonly warnDays: number }, nowMs: number): Promise<number> {
    return warnOwners(this.#records, rule, nowMs);
  }

  keepFrom(jobId: JobId, fromMs: number): Promise<void> {
    return keepFrom(this.#records, jobId, fromMs);
  }

  saveComputeServer(server: StoredComputeServer): Promise<void> {
    return putComputeServer(this.#records, server);
  }

  computeServer(computeServerId: ComputeServerId): Promise<StoredComputeServer | undefined> {
    return findComputeServer(this.#records, computeServerId);
  }

  close(): Promise<void> {
    this.#closed ??= this.#blobs.idle().then(() => this.#thread.close());
    return this.#closed;
  }

  /** One that was asked for lately may be about to be used by a job: its file was touched then. */
  async #sweepExecutables(nowMs: number): Promise<number> {
    let removed = 0;
    for (const executableId of await listUnusedExecutables(this.#records, nowMs - UNUSED_MS, FREED_AT_ONCE)) {
      const blobId = blobIdSchema.parse(executableId);
      if (!await this.#blobs.isUntouched(blobId, nowMs - UNUSED_MS) || !await removeExecutable(this.#records, executableId)) continue;
      for (const key of this.#executables.keys()) if (key.startsWith(executableId)) this.#executables.delete(key);
      removed++;
    }
    return removed;
  }

  async #sweepBlobs(nowMs: number): Promise<number> {
    let removed = 0;
    for await (const blobIds of this.#blobs.untouched(nowMs - UNUSED_MS)) {
      const { unusedBlobs } = expectReply(await this.#thread.run({ type: "unused-blobs", blobIds }), "freed");
      for (const blobId of unusedBlobs) if (await this.#blobs.remove(blobIdSchema.parse(blobId), nowMs - UNUSED_MS)) removed++;
    }
    return removed;
  }

  #remember(executable: StoredExecutable): void {
    this.#executables.set(`${executable.executableId} ${executable.owner}`, executable);
    const [oldest] = this.#executables.keys();
    if (this.#executables.size > ARCHIVE_LIMITS.knownExecutables && oldest !== undefined) this.#executables.delete(oldest);
  }

  async #readChunks(table: ChunkTable, jobId: JobId, range: IndexRange, limit: number): Promise<readonly ValueChunk[]> {
    const { chunks } = expectReply(await this.#thread.run({ type: "read-chunks", table, jobId, range, limit }), "chunks");
    return chunks.map(valueChunk);
  }
}

export function threadRecords(thread: ArchiveThread): Records {
  return {
    database: new Kysely<Tables>({ dialect: new ThreadDialect(thread) }),
    write: async (statements: readonly CompiledQuery[]) =>
      expectReply(await thread.run({ type: "unit", statements: statements.map(toStatement) }), "changed").count,
  };
}
