import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { LimitError } from "../limit-error.ts";
import { HTTP_LIMITS } from "../limits.ts";
import { ByteShares } from "./byte-shares.ts";
import { connectionNetwork } from "./client-address.ts";

/** What is written at once: of more nobody could tell whether its reader takes it. */
const PIECE_BYTES = 64 * 1024;
const RETRY_SECONDS = 5;

const answers = new ByteShares(HTTP_LIMITS.answersBytes, HTTP_LIMITS.answersBytesPerAddress);

/** Answers with these bytes, as fast as they are read. Settles when they are out, or the reader is gone. */
export async function sendBytes(request: Request, response: Response, bytes: Uint8Array): Promise<void> {
  const taken = answers.take(connectionNetwork(request), bytes.byteLength);
  if (typeof taken === "string") {
    const limit = taken === "all" ? "answersBytes" : "answersBytesPerAddress";
    throw new LimitError("unavailable", limit, "Cannot send this now: others are being sent that fill what memory there is for them. Try again in a few seconds.", RETRY_SECONDS);
  }
  response.set("Content-Length", String(bytes.byteLength));
  try {
    await pipeline(Readable.from(pieces(bytes), { objectMode: false }), response);
  } catch (error) {
    // A reader that leaves early is no fault.
    if (!request.socket.destroyed) throw error;
  } finally {
    taken();
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}
