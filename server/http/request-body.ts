import express, { type Request, type RequestHandler } from "express";
import { GridError } from "../../protocol/grid-error.ts";
import { LimitError } from "../limit-error.ts";
import { HTTP_LIMITS } from "../limits.ts";
import { ByteShares } from "./byte-shares.ts";
import { connectionNetwork } from "./client-address.ts";
import { HttpError } from "./http-error.ts";

const bodies = new ByteShares(HTTP_LIMITS.bodiesBytes, HTTP_LIMITS.bodiesBytesPerAddress);
const RETRY_SECONDS = 5;

/** Reads a body of these content types and at most this size, whole, into memory. */
export function bodyReaders(contentTypes: readonly string[], maxBytes: number): readonly RequestHandler[] {
  const types = [...contentTypes];
  const check: RequestHandler = (request, _response, next) => {
    // Told at once: the reader below would first take all of it off the line.
    if (Number(request.headers["content-length"]) > maxBytes) {
      throw new GridError("too-large", `Cannot read a body of ${request.headers["content-length"]} bytes: this call takes at most ${maxBytes}`);
    }
    if (request.is(types) !== false) return next();
    throw new HttpError(415, `Cannot read a body of the type ${JSON.stringify(request.headers["content-type"] ?? "")}: this call takes ${types.join(" or ")}`);
  };
  return [check, reserve(maxBytes), express.raw({ type: types, limit: maxBytes })];
}

/** Many large bodies at once would take all memory: what does not fit is told to come again. */
function reserve(maxBytes: number): RequestHandler {
  return (request, response, next) => {
    const stated = request.headers["content-encoding"] === undefined ? Number(request.headers["content-length"] ?? maxBytes) : maxBytes;
    const bytes = Math.min(Number.isSafeInteger(stated) && stated >= 0 ? stated : maxBytes, maxBytes);
    const taken = bodies.take(connectionNetwork(request), bytes);
    if (typeof taken === "string") {
      const limit = taken === "all" ? "bodiesBytes" : "bodiesBytesPerAddress";
      throw new LimitError("unavailable", limit, "Cannot take this body now: others are being received that fill what memory there is for them. Try again in a few seconds.", RETRY_SECONDS);
    }
    response.once("close", taken);
    next();
  };
}

/** The bytes of a body, in memory of their own that can be handed to a thread. Throws HttpError where there are none. */
export function bodyOf(request: Request): Uint8Array<ArrayBuffer> {
  const body: unknown = request.body;
  if (!(body instanceof Uint8Array) || body.byteLength === 0) throw new HttpError(400, "Cannot read this request: it has no body");
  const { buffer } = body;
  const ownsAll = buffer instanceof ArrayBuffer && body.byteOffset === 0 && body.byteLength === buffer.byteLength;
  return ownsAll ? new Uint8Array(buffer) : new Uint8Array(body);
}
