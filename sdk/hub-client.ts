import type * as z from "zod/mini";
import { gallerySchema, type Gallery } from "../protocol/http/gallery.ts";
import { jobListSchema, jobSchema, taskMapSchema, type Job, type JobList, type JobState, type TaskMap } from "../protocol/http/job.ts";
import { problemSchema } from "../protocol/http/problem.ts";
import {
  computeServersSchema, computeServerViewSchema, gridPulseSchema, loadBalancersSchema, policiesSchema,
  type ComputeServerView, type GridPulse, type LoadBalancerView, type Policies,
} from "../protocol/http/registry.ts";
import { resultLineSchema, type ResultLine } from "../protocol/http/result.ts";
import { submittedSchema, type Submission, type Submitted } from "../protocol/http/submission.ts";
import { HubError } from "./hub-error.ts";
import { readLines } from "./ndjson.ts";

/** A whole answer is here within this time, or the call fails. Streams may take longer. */
const REQUEST_TIMEOUT_MS = 120_000;

export interface HubClientOptions {
  readonly fetch?: typeof fetch;
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

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Call {
  /** What the call is for, as it stands in "Cannot <this>: …". */
  readonly purpose: string;
  readonly path: string;
  readonly query?: Query;
  readonly init?: RequestInit;
}

/**
 * A hub's HTTP interface, in browsers and in Node. Every answer is parsed; whatever goes wrong is a HubError.
 * Outputs come as tagged JSON (protocol/value-json.ts).
 */
export class HubClient {
  readonly #base: string;
  readonly #fetch: typeof fetch;

  /** `baseUrl`: the hub's origin, for example "http://127.0.0.1:8080"; in a page of the hub "" will do. */
  constructor(baseUrl: string, options: HubClientOptions = {}) {
    this.#base = baseUrl.replace(/\/+$/, "");
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
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
    return this.#json(jobSchema, { purpose: `read job ${jobId}`, path: jobPath(jobId) });
  }

  taskMap(jobId: string, buckets: number): Promise<TaskMap> {
    return this.#json(taskMapSchema, { purpose: `read the tasks of job ${jobId}`, path: jobPath(jobId, "/tasks"), query: { buckets } });
  }

  async control(jobId: string, action: JobAction): Promise<void> {
    await this.#text({ purpose: `${action} job ${jobId}`, path: jobPath(jobId, `/${action}`), init: { method: "POST" } });
  }

  /** Removes a job with its inputs, results and pictures. It cannot be brought back. */
  async remove(jobId: string): Promise<void> {
    await this.#text({ purpose: `remove job ${jobId}`, path: jobPath(jobId), init: { method: "DELETE" } });
  }

  /** Keeps an ended job longer: its time begins anew now. */
  async keep(jobId: string): Promise<void> {
    await this.#text({ purpose: `keep job ${jobId} longer`, path: jobPath(jobId, "/keep"), init: { method: "POST" } });
  }

  /** Results in index order, as the hub streams them. Leaving the loop early ends the stream. */
  async *results(jobId: string, range: ResultsRange = {}): AsyncGenerator<ResultLine> {
    const purpose = `read results of job ${jobId}`;
    const response = await this.#send({ purpose, path: jobPath(jobId, "/results"), query: { ...range }, init: { headers: { accept: "application/x-ndjson" } } });
    if (response.body === null) return;
    try {
      for await (const line of readLines(response.body)) yield parse(resultLineSchema, line, purpose, response.status);
    } catch (error) {
      throw error instanceof HubError ? error : unreachable(purpose, this.#base, error);
    }
  }

  /** The same as one list: ask for no more than is shown. */
  async resultsPage(jobId: string, range: ResultsRange): Promise<ResultLine[]> {
    const lines: ResultLine[] = [];
    for await (const line of this.results(jobId, range)) lines.push(line);
    return lines;
  }

  gallery(filter: GalleryFilter = {}): Promise<Gallery> {
    return this.#json(gallerySchema, { purpose: "read the gallery", path: "/api/gallery", query: { ...filter } });
  }

  /** Submits a job. With the same `idempotencyKey` a second call answers the first one's job. */
  submit(submission: Submission, idempotencyKey?: string): Promise<Submitted> {
    const headers = { "content-type": "application/json", ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }) };
    return this.#json(submittedSchema, {
      purpose: `submit job "${submission.name}"`,
      path: "/api/jobs",
      init: { method: "POST", headers, body: JSON.stringify(submission) },
    });
  }

  /** Stores an Executable's JavaScript ahead of a job, under its SHA-256 in hexadecimal. */
  async putExecutable(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#text({
      purpose: `store Executable ${sha256.slice(0, 12)}`,
      path: `/api/executables/${sha256}`,
      init: { method: "PUT", headers: { "content-type": "text/javascript" }, body: bytes },
    });
  }

  /** The JavaScript of an Executable. */
  executableSource(executableId: string): Promise<string> {
    return this.#text({ purpose: `read Executable ${executableId.slice(0, 12)}`, path: `/api/executables/${encodeURIComponent(executableId)}` });
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
    const response = await this.#send({ purpose, path: jobPath(jobId, "/events"), init: { headers, ...(signal === undefined ? {} : { signal }) } });
    if (response.body === null) throw new HubError(`Cannot ${purpose}: the hub sent no events`, response.status, null);
    return response.body;
  }

  async #json<T>(schema: z.ZodMiniType<T>, call: Call): Promise<T> {
    return parse(schema, await this.#text(call), call.purpose, 200);
  }

  async #text(call: Call): Promise<string> {
    const response = await this.#send({ ...call, init: { ...call.init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) } });
    try {
      return await response.text();
    } catch (error) {
      throw unreachable(call.purpose, this.#base, error);
    }
  }

  async #send({ purpose, path, query = {}, init = {} }: Call): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(`${this.#base}${path}${queryString(query)}`, init);
    } catch (error) {
      throw unreachable(purpose, this.#base, error);
    }
    if (response.ok) return response;
    throw await refused(purpose, response);
  }
}

function jobPath(jobId: string, rest = ""): string {
  return `/api/jobs/${encodeURIComponent(jobId)}${rest}`;
}

function queryString(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given.toString()}`;
}

function parse<T>(schema: z.ZodMiniType<T>, text: string, purpose: string, status: number): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HubError(`Cannot ${purpose}: the answer is not JSON. Is this address a Manyhands hub?`, status, null, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HubError(
    `Cannot ${purpose}: the answer does not fit (${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}). Is the hub of another version?`, status, null, { cause: parsed.error },
  );
}

async function refused(purpose: string, response: Response): Promise<HubError> {
  const body = await response.text().catch((error: unknown) => String(error));
  let json: unknown = null;
  try {
    json = JSON.parse(body);
  } catch {
    // Not from a hub but from something between: the status has to say it.
    return new HubError(`Cannot ${purpose}: the hub answered ${response.status} ${response.statusText}`, response.status, null);
  }
  const problem = problemSchema.safeParse(json);
  if (!problem.success) return new HubError(`Cannot ${purpose}: the hub answered ${response.status} ${response.statusText}`, response.status, null);
  const { detail, errors = [] } = problem.data;
  // A hub's detail is a whole sentence already.
  const sentence = detail.startsWith("Cannot ") ? detail : `Cannot ${purpose}: ${detail}`;
  const places = errors.map(({ path, message, line, column }) => {
    const place = [path, line === undefined ? undefined : `line ${line}${column === undefined ? "" : `, column ${column}`}`].filter((part) => part !== undefined);
    return `\n  ${place.length === 0 ? "" : `${place.join(", ")}: `}${message}`;
  });
  return new HubError(sentence + places.join(""), response.status, problem.data);
}

/** What an own authority has signed Node does not know by itself. */
function hintOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code) ? "; name its authority's certificate in NODE_EXTRA_CA_CERTS" : "";
}

function unreachable(purpose: string, base: string, error: unknown): HubError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? (cause.message || cause.name) + hintOf(cause) : String(cause);
  return new HubError(`Cannot ${purpose}: the hub${base === "" ? "" : ` at ${base}`} cannot be reached (${why})`, 0, null, { cause: error });
}
