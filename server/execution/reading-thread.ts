import { parentPort } from "node:worker_threads";
import * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import { readExecutable, readSubmission } from "./read-submission.ts";
import type { ReadingReply, ReadingRequest } from "./reading.ts";
import { SubmissionError } from "./submission-error.ts";

z.config(z.locales.en());
if (parentPort === null) throw new Error("Cannot read submissions: this file is the entry of a worker thread");
const port = parentPort;

port.on("message", (request: ReadingRequest) => {
  const reply = answer(request);
  port.postMessage(reply, buffersOf(reply));
});

function answer(request: ReadingRequest): ReadingReply {
  try {
    return request.what === "submission"
      ? { what: "submission", submission: readSubmission(request.body) }
      : { what: "executable", executable: readExecutable(request.source) };
  } catch (error) {
    // Whatever recurses overflows on what nests deep enough; the thread itself is unharmed.
    if (error instanceof RangeError) return { what: "refused", kind: "malformed", message: "Cannot read this: it nests too deeply", errors: [] };
    if (!(error instanceof GridError)) throw error;
    return { what: "refused", kind: error.kind, message: error.message, errors: error instanceof SubmissionError ? error.errors : [] };
  }
}

function buffersOf(reply: ReadingReply): ArrayBuffer[] {
  if (reply.what === "refused") return [];
  if (reply.what === "executable") return [reply.executable.source.buffer];
  const { executable, inputs } = reply.submission;
  const buffers: ArrayBuffer[] = "source" in executable ? [executable.source.buffer] : [];
  if (inputs.kind === "values") {
    for (const { packed, large } of inputs.chunks) buffers.push(packed.buffer, ...large.map(({ value }) => value.buffer));
  }
  return buffers;
}
