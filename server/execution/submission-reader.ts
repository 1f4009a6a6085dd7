import { Worker } from "node:worker_threads";
import { GridError } from "../../protocol/grid-error.ts";
import { SUBMISSION_LIMITS } from "../limits.ts";
import type { ReadExecutable, ReadSubmission } from "./read-submission.ts";
import type { ReadingReply, ReadingRequest } from "./reading.ts";
import { SubmissionError } from "./submission-error.ts";

const THREAD = new URL(import.meta.url.endsWith(".ts") ? "./reading-thread.ts" : "./reading-thread.js", import.meta.url);
const MIB = 1024 * 1024;

interface Reading {
  readonly request: ReadingRequest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  settle(reply: ReadingReply): void;
  fail(error: Error): void;
}

/**
 * Reads submissions and Executables on a thread of its own, one after the other, within a time and a memory limit: what
 * a stranger sends neither blocks nor ends the hub. Throws GridError.
 */
export class SubmissionReader {
  #worker: Worker | undefined;
  #current: Reading | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting: Reading[] = [];
  readonly #limitMs: (bytes: number) => number;

  constructor(limitMs = (bytes: number) => SUBMISSION_LIMITS.readMs + (SUBMISSION_LIMITS.readMsPerMiB * bytes) / MIB) {
    this.#limitMs = limitMs;
    // Begun now, the thread is there when the first submission comes.
    this.#worker = this.#start();
    this.#worker.unref();
  }

  /** Takes the body over: it is empty afterwards. */
  async submission(body: Uint8Array<ArrayBuffer>): Promise<ReadSubmission> {
    const reply = await this.#read({ what: "submission", body }, body);
    if (reply.what !== "submission") throw refusal(reply);
    return reply.submission;
  }

  /** Takes the source over; it comes back in the answer. */
  async executable(source: Uint8Array<ArrayBuffer>): Promise<ReadExecutable> {
    const reply = await this.#read({ what: "executable", source }, source);
    if (reply.what !== "executable") throw refusal(reply);
    return reply.executable;
  }

  #read(request: ReadingRequest, bytes: Uint8Array<ArrayBuffer>): Promise<ReadingReply> {
    if (this.#waiting.length >= SUBMISSION_LIMITS.waitingReads) {
      throw new GridError("unavailable", `Cannot read this now: ${SUBMISSION_LIMITS.waitingReads} other submissions are waiting to be read. Try again in a few seconds.`);
    }
    return new Promise<ReadingReply>((settle, fail) => {
      this.#waiting.push({ request, bytes, settle, fail });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) {
      this.#worker?.unref();
      return;
    }
    const { request, bytes } = this.#current;
    const limitMs = this.#limitMs(bytes.byteLength);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    this.#timer = setTimeout(() => {
      this.#abandon(tooHard(request, `it takes longer than ${Math.round(limitMs / 1000)} seconds`));
    }, limitMs);
    worker.postMessage(request, [bytes.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: SUBMISSION_LIMITS.threadHeapMiB } });
    worker.on("message", (reply: ReadingReply) => {
      const reading = this.#finish();
      reading?.settle(reply);
      this.#next();
    });
    worker.on("error", (error) => {
      if (worker !== this.#worker) return;
      const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
      this.#abandon(outOfMemory && this.#current !== undefined ? tooHard(this.#current.request, `it takes more than ${SUBMISSION_LIMITS.threadHeapMiB} MiB of memory`) : error);
    });
    return worker;
  }

  /** Gives up what is being read, with the thread that reads it. */
  #abandon(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    const reading = this.#finish();
    worker?.terminate().catch((cause: unknown) => reading?.fail(new Error("Cannot end the reading thread", { cause })));
    reading?.fail(error);
    this.#next();
  }

  #finish(): Reading | undefined {
    clearTimeout(this.#timer);
    const reading = this.#current;
    this.#current = undefined;
    return reading;
  }
}

function tooHard({ what }: ReadingRequest, why: string): GridError {
  return what === "executable"
    ? new GridError("unreadable-executable", `Cannot read this Executable: ${why}. Make it smaller, or load its data as inputs.`)
    : new GridError("too-large", `Cannot read this submission: ${why}. Make it smaller, or submit several jobs.`);
}

function refusal(reply: ReadingReply): GridError {
  if (reply.what !== "refused") return new GridError("unavailable", "Cannot read this: the reading thread answered another question");
  return reply.errors.length === 0 ? new GridError(reply.kind, reply.message) : new SubmissionError(reply.kind, reply.message, reply.errors);
}
