import { setImmediate } from "node:timers/promises";
import { GridError } from "../../protocol/grid-error.ts";
import type { IndexRange } from "../../protocol/index-range.ts";
import type { RecordedFailure, ResultsArchive, StoredJob } from "../archive/archive.ts";
import { CsvWriter } from "./csv-writer.ts";
import { JsonWriter } from "./json-writer.ts";
import { MsgpackWriter } from "./msgpack-writer.ts";
import { missingOutput } from "./output-error.ts";
import type { ResultWriter } from "./result-writer.ts";
import { OpenChunk, resultChunks } from "./stored-values.ts";

export type ResultFormat = "ndjson" | "json" | "csv" | "msgpack";

/** About how much one piece of the stream holds; a single larger output makes a larger piece. */
const PIECE_BYTES = 256 * 1024;
const FAILURES_PER_PAGE = 500;

const CONTENT_TYPES: Record<ResultFormat, string> = {
  ndjson: "application/x-ndjson",
  json: "application/json",
  csv: "text/csv; charset=utf-8; header=present",
  msgpack: "application/vnd.msgpack",
};

export function contentTypeOf(format: ResultFormat): string {
  return CONTENT_TYPES[format];
}

/**
 * A job's stored results in index order, in pieces of bytes, in constant memory whatever the job's size: results whose
 * index lies in `range`, and with `failures` the recorded failures between them. An output that cannot be decoded
 * becomes an error in its place. Gives the event loop to others between pieces.
 */
export async function* resultStream(
  archive: ResultsArchive,
  job: StoredJob,
  options: { readonly range: IndexRange; readonly format: ResultFormat; readonly failures: boolean },
): AsyncGenerator<Uint8Array> {
  const { range, format, failures } = options;
  const writer = WRITERS[format](failures);
  const failed = failures ? new FailureCursor(archive, job, range) : undefined;
  for await (const stored of resultChunks(archive, job.jobId, range)) {
    const chunk = new OpenChunk(stored);
    if (failed !== undefined) yield* failedBefore(failed, chunk.range[0], writer);
    for (let index = chunk.range[0]; index < chunk.range[1]; index++) {
      const value = chunk.at(index);
      if (value instanceof Uint8Array) writer.output(index, value);
      else {
        const blob = value === undefined ? undefined : await archive.blob(value.blobId);
        if (blob === undefined) writer.failure(index, missingOutput());
        else writer.output(index, blob);
      }
      if (writer.pending >= PIECE_BYTES) {
        yield writer.take();
        await setImmediate();
      }
    }
  }
  if (failed !== undefined) yield* failedBefore(failed, range[1], writer);
  // Removed meanwhile, its last results may have been gone before they were read: what is cut off passes for no whole answer.
  if (await archive.job(job.jobId) === undefined) throw new GridError("not-found", `Cannot give the rest of the results of job ${job.jobId}: it was removed`);
  writer.end();
  if (writer.pending > 0) yield writer.take();
}

const WRITERS: Record<ResultFormat, (failures: boolean) => ResultWriter> = {
  ndjson: () => new JsonWriter("lines"),
  json: () => new JsonWriter("array"),
  csv: (failures) => new CsvWriter({ failures }),
  msgpack: () => new MsgpackWriter(),
};

/** Writes the failures below an index. A chunk holds consecutive results, so failures only stand between chunks. */
async function* failedBefore(failed: FailureCursor, index: number, writer: ResultWriter): AsyncGenerator<Uint8Array> {
  for (let failure = await failed.nextBefore(index); failure !== undefined; failure = await failed.nextBefore(index)) {
    writer.failure(failure.index, failure);
    if (writer.pending >= PIECE_BYTES) {
      yield writer.take();
      await setImmediate();
    }
  }
}

/** Reads a job's recorded failures in index order, page by page. */
class FailureCursor {
  readonly #archive: ResultsArchive;
  readonly #job: StoredJob;
  readonly #to: number;
  #from: number;
  #page: readonly RecordedFailure[] = [];
  #at = 0;
  #more = true;

  constructor(archive: ResultsArchive, job: StoredJob, range: IndexRange) {
    this.#archive = archive;
    this.#job = job;
    [this.#from, this.#to] = range;
  }

  /** The next failure, if its index lies below `index`. */
  async nextBefore(index: number): Promise<RecordedFailure | undefined> {
    if (this.#at >= this.#page.length && this.#more && this.#from < this.#to) await this.#turn();
    const failure = this.#page[this.#at];
    if (failure === undefined || failure.index >= index) return undefined;
    this.#at++;
    return failure;
  }

  async #turn(): Promise<void> {
    this.#page = await this.#archive.failures(this.#job.jobId, [this.#from, this.#to], FAILURES_PER_PAGE);
    this.#at = 0;
    const last = this.#page.at(-1);
    if (last === undefined) this.#more = false;
    else this.#from = last.index + 1;
  }
}
