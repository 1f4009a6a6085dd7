import type { Request, Response } from "express";
import { executableSchema, type Executable } from "../../protocol/http/executable.ts";
import { GridError } from "../../protocol/grid-error.ts";
import type { ExecutableId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { LOCAL_OWNER } from "../execution/execution-manager.ts";
import type { HttpContext } from "./http-context.ts";
import { executableParams } from "./parameters.ts";
import { bodyOf } from "./request-body.ts";
import { requestLimit } from "./request-limit.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { sendBytes } from "./send-bytes.ts";
import { asForeignContent } from "./security-headers.ts";

const SOURCE_TYPES = ["text/javascript", "application/javascript"];

export function executableRoutes(context: HttpContext): readonly Route[] {
  return [storeRoute(context), readRoute(context, "/api/executables/{executableId}"), readRoute(context, "/compute/executables/{executableId}")];
}

function storeRoute({ archive, executionManager, guard, options }: HttpContext): Route {
  return route({
    method: "put", path: "/api/executables/{executableId}", group: "Executables",
    summary: "Store an Executable ahead of a job",
    description: "The id is the SHA-256 of the body, in lower-case hexadecimal. Storing it a second time changes nothing.",
    params: executableParams, query: NO_PARAMETERS,
    body: { contentTypes: SOURCE_TYPES, description: "A bundled ES module", maxBytes: LIMITS.executableBytes },
    answers: [
      { status: 201, description: "Stored", contentTypes: ["application/json"], schema: executableSchema },
      { status: 200, description: "It was there already", contentTypes: ["application/json"], schema: executableSchema },
    ],
    before: [requestLimit(guard, options, "submissionsPerMinute")],
    async handle({ params: { executableId }, request, response }) {
      const known = await archive.executable(executableId);
      const stored = await executionManager.saveExecutable(executableId, bodyOf(request), LOCAL_OWNER, Date.now());
      const answer: Executable = { executableId, owner: stored.owner, bytes: stored.bytes, createdAt: stored.createdAtMs };
      response.status(known === undefined ? 201 : 200).location(`/api/executables/${executableId}`).json(answer);
    },
  });
}

function readRoute({ archive }: HttpContext, path: string): Route {
  return route({
    method: "get", path, group: "Executables",
    summary: path.startsWith("/api/") ? "The JavaScript of an Executable, to look at" : "The JavaScript of an Executable, for a Compute Server",
    params: executableParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The module. It never changes.", contentTypes: ["text/javascript"] }],
    async handle({ params: { executableId }, request, response }) {
      const source = await archive.executableSource(executableId);
      if (source === undefined) throw notThere(executableId);
      await sendForGood(request, response, "text/javascript; charset=utf-8", source);
    },
  });
}

function notThere(executableId: ExecutableId): GridError {
  return new GridError("not-found", `Cannot find the Executable ${executableId}: nobody has stored it here`);
}

/** Sends what is addressed by its own hash, thus can be kept for ever. */
export async function sendForGood(request: Request, response: Response, contentType: string, bytes: Uint8Array): Promise<void> {
  response.set({ "Content-Type": contentType, "Cache-Control": "public, max-age=31536000, immutable" });
  asForeignContent(response);
  await sendBytes(request, response, bytes);
}
