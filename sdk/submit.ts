import { randomUUID } from "node:crypto";
import { basename, extname } from "node:path";
import type { JobOptions } from "../protocol/http/job-options.ts";
import type { Submission, Submitted } from "../protocol/http/submission.ts";
import type { View } from "../protocol/http/view.ts";
import { LIMITS } from "../protocol/limits.ts";
import { decodeValue, encodeValue } from "../protocol/value.ts";
import { valueToJson, type Json } from "../protocol/value-json.ts";
import { bundleJob } from "./bundle.ts";
import type { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { loadJobModule, type JobModule } from "./job-module.ts";

const SUBMIT_ATTEMPTS = 4;
const FIRST_RETRY_MS = 500;

/** A job as its submitter says it: what to run, and over which inputs. */
export interface JobRequest {
  /** Path of the job file, TypeScript or JavaScript; or `source`, a JavaScript module that imports nothing. */
  readonly file?: string;
  readonly source?: string;
  /** Default: the file's name, or its folder's where the file is `job.ts`. */
  readonly name?: string;
  /** The inputs. Without them and without a range: what the module's own `inputs` gives for `args`. */
  readonly inputs?: Iterable<unknown> | AsyncIterable<unknown>;
  /** The numbers `start`, `start + step`, … before `end`. */
  readonly range?: { readonly start: number; readonly end: number; readonly step?: number };
  /** Plain JSON, handed to the module's `inputs` and `view`. */
  readonly args?: Json;
  /** Default: the module's own. */
  readonly view?: View;
  readonly options?: JobOptions;
}

/** Bundles the job, makes its inputs in this process, and submits it. Throws BundleError, GridError, HubError, Error. */
export async function submitJob(client: HubClient, request: JobRequest): Promise<Submitted> {
  return submitOnce(client, await toSubmission(request));
}

/** The body of `POST /api/jobs` for a job. */
export async function toSubmission(request: JobRequest): Promise<Submission> {
  const source = await sourceOf(request);
  const needsModule = request.view === undefined || (request.inputs === undefined && request.range === undefined);
  const module = needsModule ? await loadJobModule(source) : undefined;
  const view = request.view ?? module?.view(request.args);
  return {
    name: request.name ?? defaultName(request.file),
    executable: { source },
    inputs: request.range === undefined ? { ndjson: await inputLines(request, module) } : { range: request.range },
    ...(request.args === undefined ? {} : { args: request.args }),
    ...(view === undefined ? {} : { view }),
    ...(request.options === undefined ? {} : { options: request.options }),
  };
}

async function sourceOf({ file, source }: JobRequest): Promise<string> {
  if (source !== undefined) return source;
  if (file !== undefined) return (await bundleJob(file)).source;
  throw new TypeError("Cannot submit a job without code: give `file` or `source`");
}

async function inputLines(request: JobRequest, module: JobModule | undefined): Promise<string> {
  const inputs = request.inputs ?? module?.inputs(request.args);
  if (inputs === undefined) {
    throw new Error("Cannot submit this job: it has no inputs. Give a range or inputs, or let the job file export `inputs`.");
  }
  const lines: string[] = [];
  let chars = 0;
  for await (const input of inputs) {
    const line = JSON.stringify(valueToJson(carried(input, lines.length)));
    lines.push(line);
    chars += line.length + 1;
    if (chars > LIMITS.submissionBytes) {
      throw new Error(`Cannot submit this job: its inputs pass ${LIMITS.submissionBytes} bytes at input ${lines.length - 1}. Let each task make its input from a number, and give a range.`);
    }
  }
  if (lines.length === 0) throw new Error("Cannot submit this job: its inputs are empty");
  return lines.join("\n");
}

/** The input as a task will get it. Throws GridError "unsupported-value" that names the input. */
function carried(input: unknown, index: number) {
  try {
    return decodeValue(encodeValue(input));
  } catch (error) {
    throw new Error(`Cannot submit input ${index}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function defaultName(file: string | undefined): string {
  if (file === undefined) return "job";
  const name = basename(file, extname(file));
  const folder = basename(file.slice(0, -basename(file).length));
  return (name === "job" && folder !== "" && folder !== "." ? folder : name).slice(0, LIMITS.nameMaxChars);
}

/** Asks again when the hub cannot be reached; the key makes sure that one job comes of it. */
async function submitOnce(client: HubClient, submission: Submission): Promise<Submitted> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.submit(submission, key);
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "unavailable" || attempt === SUBMIT_ATTEMPTS) throw error;
      await new Promise((resolve) => { setTimeout(resolve, FIRST_RETRY_MS * 2 ** (attempt - 1)); });
    }
  }
}
