import { ENDED_STATES, type Job } from "../protocol/http/job.ts";
import type { JobEvent } from "../protocol/http/job-event.ts";
import type { Sharing, Visibility } from "../protocol/http/sharing.ts";
import type { Submitted } from "../protocol/http/submission.ts";
import type { Value } from "../protocol/value.ts";
import { jsonToValue } from "../protocol/value-json.ts";
import { HubClient, type JobAction, type ResultsRange } from "./hub-client.ts";
import { jobEvents } from "./job-events.ts";
import { jsonSchema } from "./json.ts";
import { orderedResults } from "./ordered-results.ts";
import { submitJob, type JobRequest } from "./submit.ts";

export { GridError, type GridErrorKind } from "../protocol/grid-error.ts";
export type { Job, JobState, FailureGroup } from "../protocol/http/job.ts";
export type { JobOptions } from "../protocol/http/job-options.ts";
export type { Sharing, Visibility } from "../protocol/http/sharing.ts";
export type { View } from "../protocol/http/view.ts";
export type { Value } from "../protocol/value.ts";
export { BundleError } from "./bundle.ts";
export { HubClient } from "./hub-client.ts";
export { HubError } from "./hub-error.ts";
export type { JobRequest } from "./submit.ts";
export type { Task } from "./task.ts";

export const DEFAULT_HUB_URL = "http://127.0.0.1:8080";

/** One task's output. */
export interface Result {
  readonly index: number;
  readonly output: Value;
}

/** A job that has ended without an output of every task. */
export class JobIncompleteError extends Error {
  override readonly name = "JobIncompleteError";
  readonly job: Job;

  constructor(job: Job) {
    const { done, failed, total } = job.tasks;
    const first = job.failures[0];
    super(`Cannot give every result of job ${job.jobId}: it is ${job.state} with ${done} of ${total} tasks done and ${failed} failed${first === undefined ? "" : `; task ${first.firstIndex}: ${first.message}`}`);
    this.job = job;
  }
}

/** A job on a hub. */
export class RemoteJob {
  readonly jobId: string;
  readonly #client: HubClient;

  constructor(client: HubClient, jobId: string) {
    this.#client = client;
    this.jobId = jobId;
  }

  /** How it stands now. */
  status(): Promise<Job> {
    return this.#client.job(this.jobId);
  }

  /** What happens to it, until it has ended. */
  events(signal?: AbortSignal): AsyncIterable<JobEvent> {
    return jobEvents(this.#client, this.jobId, signal === undefined ? {} : { signal });
  }

  /** The results that are there now, in index order. */
  async *results(range: Omit<ResultsRange, "failures"> = {}): AsyncGenerator<Result> {
    for await (const line of this.#client.results(this.jobId, range)) {
      if ("output" in line) yield { index: line.index, output: toValue(line.output) };
    }
  }

  /** Every result in index order, as it comes. Throws JobIncompleteError at the end when some are missing. */
  async *follow(signal?: AbortSignal): AsyncGenerator<Result> {
    let last: Job | undefined;
    const onJob = (job: Job) => { last = job; };
    for await (const line of orderedResults(this.#client, this.jobId, { onJob, ...(signal === undefined ? {} : { signal }) })) {
      if ("output" in line) yield { index: line.index, output: toValue(line.output) };
    }
    if (signal?.aborted !== true && last !== undefined && last.state !== "completed") throw new JobIncompleteError(last);
  }

  /** Waits for its end, and tells how it ended. */
  async ended(signal?: AbortSignal): Promise<Job> {
    for await (const event of this.events(signal)) {
      if (event.type === "job" && ENDED_STATES.includes(event.job.state)) return event.job;
    }
    throw new Error(`Cannot wait for job ${this.jobId}: the wait was stopped`);
  }

  control(action: JobAction): Promise<void> {
    return this.#client.control(this.jobId, action);
  }

  /** Changes who may see it. With "link" the answer holds the links to give away; a new key makes earlier ones void. */
  share(visibility: Visibility, options: { readonly newKey?: boolean } = {}): Promise<Sharing> {
    return this.#client.changeSharing(this.jobId, { visibility, ...(options.newKey === undefined ? {} : { renew: options.newKey }) });
  }
}

/** A job that was submitted just now: with its links, and what the hub said about it. */
export class SubmittedJob extends RemoteJob {
  readonly url: string;
  readonly resultUrl: string;
  /** Why it waits, where it does. */
  readonly diagnostic: string | null;

  constructor(client: HubClient, submitted: Submitted) {
    super(client, submitted.jobId);
    this.url = submitted.url;
    this.resultUrl = submitted.resultUrl;
    this.diagnostic = submitted.diagnostic ?? null;
  }
}

export interface ConnectOptions {
  /** An API token, "mh_…", of who has an account on the hub. It is sent to `hubUrl`'s own origin and nowhere else. */
  readonly token?: string | undefined;
}

/** A hub, seen by a submitter. */
export class Hub {
  readonly client: HubClient;
  /** By job id, of jobs that somebody shared by link. */
  readonly #keys = new Map<string, string>();

  constructor(hubUrl: string, { token }: ConnectOptions = {}) {
    this.client = new HubClient(hubUrl, { token, keyOf: (jobId) => this.#keys.get(jobId) ?? null });
  }

  async submit(request: JobRequest): Promise<SubmittedJob> {
    return new SubmittedJob(this.client, await submitJob(this.client, request));
  }

  /** Submits, and gives every result in index order as it comes. Throws JobIncompleteError at the end when some are missing. */
  async *run(request: JobRequest): AsyncGenerator<Result> {
    const job = await this.submit(request);
    yield* job.follow();
  }

  /** A job that is there. `key`: what stands behind `key=` in the link, where somebody shared it so. */
  job(jobId: string, options: { readonly key?: string | undefined } = {}): RemoteJob {
    if (options.key !== undefined) this.#keys.set(jobId, options.key);
    return new RemoteJob(this.client, jobId);
  }
}

/** A hub by its address, for example "http://127.0.0.1:8080". Nothing is asked of it yet. */
export function connect(hubUrl: string = DEFAULT_HUB_URL, options: ConnectOptions = {}): Hub {
  return new Hub(hubUrl, options);
}

function toValue(output: unknown): Value {
  return jsonToValue(jsonSchema.parse(output));
}
