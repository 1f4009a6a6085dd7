import type * as z from "zod/mini";
import { gallerySchema, type Gallery } from "../protocol/http/gallery.ts";
import { jobListSchema, jobSchema, taskMapSchema, type Job, type JobList, type JobState, type TaskMap } from "../protocol/http/job.ts";
import {
  computeServersSchema, computeServerViewSchema, gridPulseSchema, loadBalancersSchema, policiesSchema,
  type ComputeServerView, type GridPulse, type LoadBalancerView, type Policies,
} from "../protocol/http/registry.ts";
import { resultLineSchema, type ResultLine } from "../protocol/http/result.ts";
import { sharingSchema, type Sharing, type SharingChange } from "../protocol/http/sharing.ts";
import { submittedSchema, type Submission, type Submitted } from "../protocol/http/submission.ts";
import { HubError } from "./hub-error.ts";
import { HubTransport, jsonBody, parseAnswer, type Call, type Query, type TransportOptions } from "./hub-transport.ts";
import { readLines } from "./ndjson.ts";

export interface HubClientOptions extends TransportOptions {
  /** The key of a job that somebody shared by link: what stands behind `key=` in the link. Null where there is none. */
  readonly keyOf?: (jobId: string) => string | null;
}

export interface JobsFilter {
  readonly state?: JobState;
  readonly q?: string;
  readonly tag?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface GalleryFilter {
  readonly q?: string;
  readonly tag?: string;
  readonly cursor?: string;
}

export interface ResultsRange {
  /** First index; default 0. */
  readonly from?: number;
  /** Behind the last index; default the end of the job. */
  readonly to?: number;
  /** Failed tasks too, as lines with an `error`. */
  readonly failures?: boolean;
}

export type JobAction = "cancel" | "pause" | "resume" | "retry";

/**
 * A hub's HTTP interface, in browsers and in Node. Every answer is parsed; whatever goes wrong is a HubError.
 * Outputs come as tagged JSON (protocol/value-json.ts).
 */
export class HubClient {
  readonly #transport: HubTransport;
  readonly #keyOf: (jobId: string) => string | null;

  /** `baseUrl`: the hub's origin, for example "http://127.0.0.1:8080"; in a page of the hub "" will do. */
  constructor(baseUrl: string, options: HubClientOptions = {}) {
    this.#transport = new HubTransport(baseUrl, options);
    this.#keyOf = options.keyOf ?? (() => null);
  }

  grid(): Promise<GridPulse> {
    return this.#json(gridPulseSchema, { purpose: "read the grid's pulse", path: "/api/grid" });
  }

  policies(): Promise<Policies> {
    return this.#json(policiesSchema, { purpose: "read the placement policies", path: "/api/policies" });
  }

  jobs(filter: JobsFilter = {}): Promise<JobList> {
    return this.#json(jobListSchema, { purpose: "list jobs", path: "/api/jobs", query: { ...filter } });
  }

  job(jobId: string): Promise<Job> {
    return this.#json(jobSchema, this.#reading(`read job ${jobId}`, jobId));
  }

  taskMap(jobId: string, buckets: number): Promise<TaskMap> {
    return this.#json(taskMapSchema, this.#reading(`read the tasks of job ${jobId}`, jobId, "/tasks", { buckets }));
  }

  async control(jobId: string, action: JobAction): Promise<void> {
    await this.#transport.text({ purpose: `${action} job ${jobId}`, path: jobPath(jobId, `/${action}`), init: { method: "POST" } });
  }

  /** Removes a job with its inputs, results and pictures. It cannot be brought back. */
  async remove(jobId: string): Promise<void> {
    await this.#transport.text({ purpose: `remove job ${jobId}`, path: jobPath(jobId), init: { method: "DELETE" } });
  }

  /** Keeps an ended job longer: its time begins anew now. */
  async keep(jobId: string): Promise<void> {
    await this.#transport.text({ purpose: `keep job ${jobId} longer`, path: jobPath(jobId, "/keep"), init: { method: "POST" } });
  }

  /** Results in index order, as the hub streams them. Leaving the loop early ends the stream. */
  async *results(jobId: string, range: ResultsRange = {}): AsyncGenerator<ResultLine> {
    const purpose = `read results of job ${jobId}`;
    const response = await this.#transport.send({ ...this.#reading(purpose, jobId, "/results", { ...range }), init: { headers: { accept: "application/x-ndjson" } } });
    if (response.body === null) return;
    try {
      for await (const line of readLines(response.body)) yield parseAnswer(resultLineSchema, line, purpose, response.status);
    } catch (error) {
      throw error instanceof HubError ? error : this.#transport.unreachable(purpose, error);
    }
  }

  /** The same as one list: ask for no more than is shown. */
  async resultsPage(jobId: string, range: ResultsRange): Promise<ResultLine[]> {
    const lines: ResultLine[] = [];
    for await (const line of this.results(jobId, range)) lines.push(line);
    return lines;
  }

  /** Who may see a job, and the link to give away; for who may steer it. */
  sharing(jobId: string): Promise<Sharing> {
    return this.#json(sharingSchema, { purpose: `read who may see job ${jobId}`, path: jobPath(jobId, "/sharing") });
  }

  changeSharing(jobId: string, change: SharingChange): Promise<Sharing> {
    return this.#json(sharingSchema, { purpose: `change who may see job ${jobId}`, path: jobPath(jobId, "/sharing"), init: jsonBody("PUT", change) });
  }

  gallery(filter: GalleryFilter = {}): Promise<Gallery> {
    return this.#json(gallerySchema, { purpose: "read the gallery", path: "/api/gallery", query: { ...filter } });
  }

  /** Submits a job. With the same `idempotencyKey` a second call answers the first one's job. */
  submit(submission: Submission, idempotencyKey?: string): Promise<Submitted> {
    return this.#json(submittedSchema, {
      purpose: `submit job "${submission.name}"`,
      path: "/api/jobs",
      init: jsonBody("POST", submission, idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    });
  }

  /** Stores an Executable's JavaScript ahead of a job, under its SHA-256 in hexadecimal. */
  async putExecutable(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#transport.text({
      purpose: `store Executable ${sha256.slice(0, 12)}`,
      path: `/api/executables/${sha256}`,
      init: { method: "PUT", headers: { "content-type": "text/javascript" }, body: bytes },
    });
  }

  /** The JavaScript of a job's Executable. */
  executableOf({ executableId, executableUrl }: Pick<Job, "executableId" | "executableUrl">): Promise<string> {
    // Its address may name the hub by another of its names, and carries the job's key where there is one.
    const { search } = new URL(executableUrl, "http://hub");
    return this.#transport.text({ purpose: `read Executable ${executableId.slice(0, 12)}`, path: `/api/executables/${encodeURIComponent(executableId)}${search}` });
  }

  async loadBalancers(): Promise<LoadBalancerView[]> {
    const { loadBalancers } = await this.#json(loadBalancersSchema, { purpose: "list Load Balancers", path: "/api/load-balancers" });
    return loadBalancers;
  }

  /** The hub lists the first ones and says how many there are. */
  computeServers(): Promise<{ computeServers: ComputeServerView[]; total: number }> {
    return this.#json(computeServersSchema, { purpose: "list Compute Servers", path: "/api/compute-servers" });
  }

  /** One of them. A HubError of kind "not-found" where its lease is over. */
  computeServer(computeServerId: string): Promise<ComputeServerView> {
    return this.#json(computeServerViewSchema, { purpose: `read Compute Server ${computeServerId}`, path: `/api/compute-servers/${encodeURIComponent(computeServerId)}` });
  }

  /** Opens the job's server-sent events; sdk/job-events.ts reads them. */
  async openEvents(jobId: string, lastEventId: string | null, signal?: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const purpose = `follow job ${jobId}`;
    const headers = { accept: "text/event-stream", ...(lastEventId === null ? {} : { "last-event-id": lastEventId }) };
    const response = await this.#transport.send({ ...this.#reading(purpose, jobId, "/events"), init: { headers, ...(signal === undefined ? {} : { signal }) } });
    if (response.body === null) throw new HubError(`Cannot ${purpose}: the hub sent no events`, response.status, null);
    return response.body;
  }

  #json<T>(schema: z.ZodMiniType<T>, call: Call): Promise<T> {
    return this.#transport.json(schema, call);
  }

  /** A call that reads a job, with the key that opens it where there is one. */
  #reading(purpose: string, jobId: string, rest = "", query: Query = {}): Call {
    return { purpose, path: jobPath(jobId, rest), query: { ...query, key: this.#keyOf(jobId) ?? undefined } };
  }
}

function jobPath(jobId: string, rest = ""): string {
  return `/api/jobs/${encodeURIComponent(jobId)}${rest}`;
}
