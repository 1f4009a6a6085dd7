import * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import { storedBlobSchema, type StoredBlob } from "../../protocol/http/blob.ts";
import { blobIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { isWellFormedValue } from "../../protocol/value-check.ts";
import { sendForGood } from "./executable-routes.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { bodyOf } from "./request-body.ts";
import { NO_PARAMETERS, route, type HeaderParameter, type Route } from "./route.ts";

const BINARY = "application/octet-stream";

/** By which a Compute Server shows who it is. */
export const COMPUTE_SERVER_HEADERS: readonly HeaderParameter[] = [
  { name: "X-Compute-Server", description: "The Compute Server's id", required: true },
  { name: "Authorization", description: "`Bearer` and its resume token", required: true },
];

/** What Compute Servers ask over HTTP, beside their link. */
export function computeRoutes(context: HttpContext): readonly Route[] {
  return [linkRoute(context), storeBlobRoute(context), readBlobRoute(context)];
}

function linkRoute({ access }: HttpContext): Route {
  return route({
    method: "get", path: "/compute", group: "Compute Servers",
    summary: "The Compute Server's link, a WebSocket",
    description: "Binary frames of MessagePack. A plain request is told to upgrade.",
    params: NO_PARAMETERS, query: NO_PARAMETERS, access: access.open,
    answers: [],
    handle() {
      throw new HttpError(426, "Cannot answer here over plain HTTP: this is the Compute Server's link. Open it as a WebSocket.", { headers: { Upgrade: "websocket" } });
    },
  });
}

function storeBlobRoute({ access, archive }: HttpContext): Route {
  return route({
    method: "post", path: "/compute/blobs", group: "Compute Servers",
    summary: "Store a large output beside the link",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    headers: COMPUTE_SERVER_HEADERS,
    body: { contentTypes: [BINARY], description: "One encoded value", maxBytes: LIMITS.valueBytes },
    answers: [{ status: 201, description: "Stored under its SHA-256", contentTypes: ["application/json"], schema: storedBlobSchema }],
    // Whoever stores blobs fills the disk: only who registered may.
    access: access.computeServer,
    async handle({ admitted: computeServerId, request, response }) {
      const bytes = bodyOf(request);
      if (!isWellFormedValue(bytes)) throw new GridError("malformed", "Cannot store this blob: it is not one encoded value");
      const stored: StoredBlob = { blobId: await archive.saveBlob(bytes), bytes: bytes.byteLength };
      await archive.saveUpload(computeServerId, stored.blobId, Date.now());
      response.status(201).location(`/compute/blobs/${stored.blobId}`).json(stored);
    },
  });
}

function readBlobRoute({ access, archive, assignedFiles }: HttpContext): Route {
  return route({
    method: "get", path: "/compute/blobs/{blobId}", group: "Compute Servers",
    summary: "A large input, for a Compute Server that has its task",
    params: z.object({ blobId: blobIdSchema }), query: NO_PARAMETERS, headers: COMPUTE_SERVER_HEADERS,
    access: access.computeServer,
    answers: [{ status: 200, description: "One encoded value. It never changes.", contentTypes: [BINARY] }],
    async handle({ admitted: computeServerId, params: { blobId }, request, response }) {
      // A hash that somebody merely knows opens nothing.
      const bytes = assignedFiles.has(computeServerId, blobId) ? await archive.blob(blobId) : undefined;
      if (bytes === undefined) throw new GridError("not-found", `Cannot find the blob ${blobId}: no task that this Compute Server was assigned needs it`);
      await sendForGood(request, response, BINARY, bytes);
    },
  });
}
