import { GridError } from "../../protocol/grid-error.ts";
import type { JobId } from "../../protocol/ids.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import type { AnswerDigest } from "../../scheduler/verification/verification.ts";
import type { HeldOutputs } from "./archive.ts";
import { checkChunk } from "./value-chunk.ts";

/** Tasks of one stored chunk: to accept one of them, the chunk is written anew. */
export const HELD_CHUNK_TASKS = 256;
/** Packed bytes of one, but for a single output that is longer. */
const HELD_CHUNK_BYTES = 64 * 1024;
export const ANSWER_BYTES = 16;
const ANSWER = /^[0-9a-f]{32}$/;
/** In place of an answer that is held no more. No output has it. */
const VOID = "0".repeat(2 * ANSWER_BYTES);

/** The outputs in chunks that are small enough to be written anew. Throws GridError "invalid-request". */
export function heldChunks(jobId: JobId, held: HeldOutputs): HeldOutputs[] {
  const { chunk, answers } = held;
  checkChunk(chunk);
  const [from, to] = chunk.range;
  if (answers.length !== to - from || !answers.every((answer) => ANSWER.test(answer) && answer !== VOID)) {
    throw new GridError("invalid-request", `Cannot hold outputs of tasks ${from} to ${to} of job ${jobId}: they do not come with one answer each`);
  }
  const packed = new PackedValues(chunk.packed);
  const chunks: HeldOutputs[] = [];
  for (let start = 0; start < packed.count;) {
    let end = start;
    for (let bytes = 0; end < packed.count && end - start < HELD_CHUNK_TASKS; end++) {
      bytes += packed.bytesAt(end);
      if (bytes > HELD_CHUNK_BYTES && end > start) break;
    }
    const large = chunk.large.filter(({ index }) => index >= from + start && index < from + end);
    chunks.push({ ...held, chunk: { range: [from + start, from + end], packed: packed.slice(start, end), large }, answers: answers.slice(start, end) });
    start = end;
  }
  return chunks;
}

export function answersToBytes(answers: readonly (AnswerDigest | null)[]): Uint8Array {
  return Buffer.from(answers.map((answer) => answer ?? VOID).join(""), "hex");
}

/** Null where it is held no more. */
export function answersFromBytes(bytes: Uint8Array): (AnswerDigest | null)[] {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return Array.from({ length: bytes.byteLength / ANSWER_BYTES }, (_, i) => {
    const answer = hex.slice(2 * ANSWER_BYTES * i, 2 * ANSWER_BYTES * (i + 1));
    return answer === VOID ? null : answer;
  });
}
