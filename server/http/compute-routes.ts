import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import { storedBlobSchema, type StoredBlob } from "../../protocol/http/blob.ts";
import { blobIdSchema, computeServerIdSchema, resumeTokenSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { isWellFormedValue } from "../../protocol/value-check.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { sendForGood } from "./executable-routes.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { bodyOf } from "./request-body.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

const BINARY = "application/octet-stream";

/** What Compute Servers ask over HTTP, beside their link. */
export function computeRoutes(context: HttpContext): readonly Route[] {
  return [linkRoute(), storeBlobRoute(context), readBlobRoute(context)];
}

function linkRoute(): Route {
  return route({
    method: "get", path: "/compute", group: "Compute Servers",
    summary: "The Compute Server's link, a WebSocket",
    description: "Binary frames of MessagePack. A plain request is told to upgrade.",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [],
    handle() {
      throw new HttpError(426, "Cannot answer here over plain HTTP: this is the Compute Server's link. Open it as a WebSocket.", { headers: { Upgrade: "websocket" } });
    },
  });
}

function storeBlobRoute({ archive }: HttpContext): Route {
  return route({
    method: "post", path: "/compute/blobs", group: "Compute Servers",
    summary: "Store a large output beside the link",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    headers: [
      { name: "X-Compute-Server", description: "The Compute Server's id", required: true },
      { name: "Authorization", description: "`Bearer` and its resume token", required: true },
    ],
    body: { contentTypes: [BINARY], description: "One encoded value", maxBytes: LIMITS.valueBytes },
    answers: [{ status: 201, description: "Stored under its SHA-256", contentTypes: ["application/json"], schema: storedBlobSchema }],
    before: [onlyComputeServers(archive)],
    async handle({ request, response }) {
      const bytes = bodyOf(request);
      if (!isWellFormedValue(bytes)) throw new GridError("malformed", "Cannot store this blob: it is not one encoded value");
      const stored: StoredBlob = { blobId: await archive.saveBlob(bytes), bytes: bytes.byteLength };
      response.status(201).location(`/compute/blobs/${stored.blobId}`).json(stored);
    },
  });
}

function readBlobRoute({ archive }: HttpContext): Route {
  return route({
    method: "get", path: "/compute/blobs/{blobId}", group: "Compute Servers",
    summary: "A large value",
    params: z.object({ blobId: blobIdSchema }), query: NO_PARAMETERS,
    answers: [{ status: 200, description: "One encoded value. It never changes.", contentTypes: [BINARY] }],
    async handle({ params: { blobId }, request, response }) {
      const bytes = await archive.blob(blobId);
      if (bytes === undefined) throw new GridError("not-found", `Cannot find the blob ${blobId}: nobody has stored it here`);
      await sendForGood(request, response, BINARY, bytes);
    },
  });
}

/** Whoever stores blobs fills the disk: only who registered may, and proves it by the token that registration gave. */
function onlyComputeServers(archive: ResultsArchive): RequestHandler {
  return async (request, _response, next) => {
    const id = computeServerIdSchema.safeParse(request.get("x-compute-server"));
    const token = resumeTokenSchema.safeParse(/^Bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1]);
    const known = id.success && token.success ? await archive.computeServer(id.data) : undefined;
    if (known === undefined || !token.success || !isTokenOf(token.data, known.tokenHash)) {
      throw new HttpError(401, "Cannot store a blob for this Compute Server: its id and token do not fit. Register again.", { headers: { "WWW-Authenticate": "Bearer" } });
    }
    next();
  };
}

function isTokenOf(token: string, tokenHash: string): boolean {
  const given = createHash("sha256").update(token).digest();
  const kept = Buffer.from(tokenHash, "hex");
  return given.byteLength === kept.byteLength && timingSafeEqual(given, kept);
}
