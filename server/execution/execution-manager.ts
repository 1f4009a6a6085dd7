import { randomBytes } from "node:crypto";
import { GridError } from "../../protocol/grid-error.ts";
import type { AllowedPerTask } from "../limits.ts";
import { taskLimits } from "./task-limits.ts";
import { JOB_DEFAULTS, type Requirements } from "../../protocol/http/job-options.ts";
import type { VerificationOption } from "../../protocol/http/verification.ts";
import type { View } from "../../protocol/http/view.ts";
import type { Visibility } from "../../protocol/http/sharing.ts";
import { jobIdSchema, type ExecutableId, type JobId, type Owner } from "../../protocol/ids.ts";
import type { LargeValue } from "../../protocol/large-values.ts";
import type { NewJob, ResultsArchive, StoredExecutable, ValueChunk } from "../archive/archive.ts";
import { LimitError } from "../limit-error.ts";
import type { Grid } from "../grid/grid.ts";
import type { Admission } from "./admission.ts";
import type { InputChunk } from "./input-packer.ts";
import type { ReadSubmission } from "./read-submission.ts";
import type { SubmissionReader } from "./submission-reader.ts";

const JOB_ID_BYTES = 12;
const SHARE_KEY_BYTES = 18;

export interface Accepted {
  readonly jobId: JobId;
  readonly shareKey: string | null;
  /** What the submitter should know at once, or null. */
  readonly diagnostic: string | null;
}

/** What a job of this hub has where it does not say. */
export interface HubDefaults {
  /** Who may see it. */
  readonly visibility: Visibility;
  /** When an answer is accepted. */
  readonly verification: VerificationOption;
}

/** The one entry point for jobs: reads and checks, stores, hands to the grid, answers the job id. */
export class ExecutionManager {
  readonly #archive: ResultsArchive;
  readonly #grid: Grid;
  readonly #reader: SubmissionReader;
  readonly #byDefault: HubDefaults;
  readonly #admission: Admission;
  readonly #allowed: AllowedPerTask;

  constructor(archive: ResultsArchive, grid: Grid, reader: SubmissionReader, byDefault: HubDefaults, admission: Admission, allowed: AllowedPerTask) {
    this.#archive = archive;
    this.#grid = grid;
    this.#reader = reader;
    this.#byDefault = byDefault;
    this.#admission = admission;
    this.#allowed = allowed;
  }

  /**
   * Takes a submission. When the promise settles, the job is on disk (R1). With an idempotency key that this owner used
   * before, answers the earlier job. Throws GridError.
   */
  async submit(body: Uint8Array<ArrayBuffer>, owner: Owner, idempotencyKey: string | undefined, nowMs: number): Promise<Accepted> {
    // The reader takes the body over.
    const bytes = body.byteLength;
    const read = await this.#reader.submission(body);
    const { taskTimeoutMs } = taskLimits(read.options, read.largestInputBytes, this.#allowed);
    const submission = { ...read, options: { ...read.options, taskTimeoutMs } };
    await this.#mustBeThere(submission, owner);
    try {
      return await this.#admission.admit(owner, { jobs: 1, tasks: submission.tasks, bytes }, nowMs, () => this.#store(submission, owner, idempotencyKey, nowMs));
    } catch (error) {
      // What was taken before stays taken, however much there is by now.
      const earlier = error instanceof LimitError && idempotencyKey !== undefined ? await this.#archive.earlierJob(owner, idempotencyKey) : undefined;
      if (earlier === undefined) throw error;
      return await this.#earlier(earlier, newJob(submission, null, owner, nowMs, this.#byDefault));
    }
  }

  async #store(submission: ReadSubmission, owner: Owner, idempotencyKey: string | undefined, nowMs: number): Promise<Accepted> {
    const view = submission.view ?? (await this.#exportedView(submission));
    const job = newJob(submission, view, owner, nowMs, this.#byDefault);
    const chunks = await this.#storeLargeInputs(submission);
    // Both are on their way before either is awaited: one group commit, and the archive keeps their order.
    const executable = "source" in submission.executable
      ? this.#archive.saveExecutable(job.executableId, owner, submission.executable.source, nowMs)
      : undefined;
    const [jobId] = await Promise.all([this.#archive.createJob(job, chunks, idempotencyKey), executable]);
    if (jobId !== job.jobId) return await this.#earlier(jobId, job);
    const diagnostic = this.#grid.submit({ ...job, state: "queued", startedAtMs: null, endedAtMs: null, done: 0, failed: 0, runs: 0, caughtServers: 0 });
    return { jobId, shareKey: job.shareKey, diagnostic };
  }

  /** Stores an Executable ahead of a job. Throws GridError, also where the bytes are not those of the id. */
  async saveExecutable(executableId: ExecutableId, source: Uint8Array<ArrayBuffer>, owner: Owner, nowMs: number): Promise<StoredExecutable> {
    const read = await this.#reader.executable(source);
    if (read.executableId !== executableId) {
      throw new GridError("invalid-request", `Cannot store this Executable as ${executableId}: the SHA-256 of what was sent is ${read.executableId}`);
    }
    return await this.#admission.admit(owner, { jobs: 0, tasks: 0, bytes: read.source.byteLength }, nowMs, () => this.#archive.saveExecutable(executableId, owner, read.source, nowMs));
  }

  async #exportedView({ executable }: ReadSubmission): Promise<View | null> {
    if ("source" in executable) return executable.view;
    const source = await this.#archive.executableSource(executable.executableId);
    return source === undefined ? null : (await this.#reader.executable(new Uint8Array(source))).view;
  }

  /** Of this owner: who knows another's hash knows nothing of what stands behind it. */
  async #mustBeThere({ executable }: ReadSubmission, owner: Owner): Promise<void> {
    if ("source" in executable || (await this.#archive.executable(executable.executableId, owner)) !== undefined) return;
    throw new GridError("not-found", `Cannot submit this job: you have stored no Executable ${executable.executableId}. Send it first, with PUT /api/executables/${executable.executableId}, or its source with the job.`);
  }

  async #storeLargeInputs({ inputs }: ReadSubmission): Promise<readonly ValueChunk[]> {
    if (inputs.kind === "range") return [];
    const chunks: ValueChunk[] = [];
    for (const chunk of inputs.chunks) chunks.push({ range: chunk.range, packed: chunk.packed, large: await this.#storeLarge(chunk) });
    return chunks;
  }

  async #storeLarge({ large }: InputChunk): Promise<LargeValue[]> {
    const stored: LargeValue[] = [];
    for (const { index, value } of large) stored.push({ index, blobId: await this.#archive.saveBlob(value, "refuse"), bytes: value.byteLength });
    return stored;
  }

  async #earlier(jobId: JobId, job: NewJob): Promise<Accepted> {
    const earlier = await this.#archive.job(jobId);
    if (earlier === undefined) throw new GridError("not-found", `Cannot find the job ${jobId} of this Idempotency-Key: it was removed. Use another key.`);
    if (earlier.name !== job.name || earlier.executableId !== job.executableId || earlier.tasks !== job.tasks) {
      throw new GridError("conflict", `Cannot submit this job: its Idempotency-Key was used for another one, ${jobId}. Use a key of its own.`);
    }
    return { jobId, shareKey: earlier.shareKey, diagnostic: null };
  }
}

function newJob(submission: ReadSubmission, view: View | null, owner: Owner, nowMs: number, byDefault: HubDefaults): NewJob {
  const { options, inputs } = submission;
  const visibility = options.visibility ?? (options.public === undefined ? byDefault.visibility : options.public ? "public" : "private");
  return {
    jobId: newJobId(),
    name: submission.name,
    owner,
    executableId: submission.executable.executableId,
    tasks: submission.tasks,
    inputs: inputs.kind === "range" ? inputs : { kind: "values" },
    argsJson: submission.argsJson,
    view,
    priority: options.priority ?? JOB_DEFAULTS.priority,
    maxAttempts: options.maxAttempts ?? JOB_DEFAULTS.maxAttempts,
    taskTimeoutMs: options.taskTimeoutMs ?? JOB_DEFAULTS.taskTimeoutMs,
    policy: options.policy ?? null,
    requires: isEmpty(options.requires) ? null : options.requires,
    verification: { policy: options.verification ?? byDefault.verification, compare: options.compare ?? "exact", engines: options.engines ?? "any" },
    tags: [...new Set(options.tags)],
    public: visibility === "public",
    shareKey: visibility === "link" ? newShareKey() : null,
    notifyEmail: options.notify?.email ?? null,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.keepDays === undefined ? {} : { keepDays: options.keepDays }),
    createdAtMs: nowMs,
  };
}

function isEmpty(requires: Requirements | undefined): requires is undefined {
  return requires === undefined || Object.values(requires).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}

/** What opens a job to who has its link. */
export function newShareKey(): string {
  return randomBytes(SHARE_KEY_BYTES).toString("base64url");
}

/** Unguessable, and no option of a command line: it never begins with "-". */
function newJobId(): JobId {
  const id = randomBytes(JOB_ID_BYTES).toString("base64url");
  return id.startsWith("-") ? newJobId() : jobIdSchema.parse(id);
}
