import type { Request, Response } from "express";
import { executableSchema, type Executable } from "../../protocol/http/executable.ts";
import { GridError } from "../../protocol/grid-error.ts";
import type { ExecutableId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Access } from "./access.ts";
import type { HttpContext } from "./http-context.ts";
import { executableParams } from "./parameters.ts";
import { bodyOf } from "./request-body.ts";
import { requestLimit } from "./request-limit.ts";
import { NO_PARAMETERS, route, type Call, type Route } from "./route.ts";
import { sendBytes } from "./send-bytes.ts";
import { asForeignContent } from "./security-headers.ts";

type ExecutableParams = { readonly executableId: ExecutableId };

const SOURCE_TYPE = "text/javascript; charset=utf-8";
const SOURCE_TYPES = ["text/javascript", "application/javascript"];

export function executableRoutes(context: HttpContext): readonly Route[] {
  const { access, assignedFiles } = context;
  return [
    storeRoute(context),
    readRoute("/api/executables/{executableId}", "The JavaScript of an Executable, to look at", access.readExecutable, async ({ params: { executableId }, request, response }) => {
      const source = await sourceOf(context, executableId);
      // Asked for again each time: who may see it can change, what it says cannot.
      response.set({ "Content-Type": SOURCE_TYPE, "Cache-Control": "private, no-cache", "ETag": `"${executableId}"` });
      asForeignContent(response);
      if (request.fresh) response.status(304).end();
      else await sendBytes(request, response, source);
    }),
    readRoute("/compute/executables/{executableId}", "The JavaScript of an Executable, for a Compute Server that has a task of it", access.computeServer, async ({ admitted: computeServerId, params: { executableId }, request, response }) => {
      if (!assignedFiles.has(computeServerId, executableId)) throw notThere(executableId);
      await sendForGood(request, response, SOURCE_TYPE, await sourceOf(context, executableId));
    }),
  ];
}

function storeRoute({ access, archive, executionManager, guard, options }: HttpContext): Route {
  return route({
    method: "put", path: "/api/executables/{executableId}", group: "Executables",
    summary: "Store an Executable ahead of a job",
    description: "The id is the SHA-256 of the body, in lower-case hexadecimal. Storing it a second time changes nothing.",
    params: executableParams, query: NO_PARAMETERS,
    body: { contentTypes: SOURCE_TYPES, description: "A bundled ES module", maxBytes: LIMITS.executableBytes },
    answers: [
      { status: 201, description: "Stored", contentTypes: ["application/json"], schema: executableSchema },
      { status: 200, description: "You have stored it before", contentTypes: ["application/json"], schema: executableSchema },
    ],
    access: access.submitter,
    before: [requestLimit(guard, options, "submissionsPerMinute")],
    async handle({ admitted: owner, params: { executableId }, request, response }) {
      const known = await archive.executable(executableId, owner);
      const stored = await executionManager.saveExecutable(executableId, bodyOf(request), owner, Date.now());
      const answer: Executable = { executableId, owner: stored.owner, bytes: stored.bytes, createdAt: stored.createdAtMs };
      response.status(known === undefined ? 201 : 200).location(`/api/executables/${executableId}`).json(answer);
    },
  });
}

function readRoute<A>(path: string, summary: string, access: Access<ExecutableParams, A>, handle: (call: Call<ExecutableParams, object, A>) => Promise<void>): Route {
  return route({
    method: "get", path, group: "Executables", summary, access, handle,
    params: executableParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The module. It never changes.", contentTypes: ["text/javascript"] }, { status: 304, description: "You have it already" }],
  });
}

async function sourceOf({ archive }: HttpContext, executableId: ExecutableId): Promise<Uint8Array> {
  const source = await archive.executableSource(executableId);
  if (source === undefined) throw notThere(executableId);
  return source;
}

function notThere(executableId: ExecutableId): GridError {
  return new GridError("not-found", `Cannot find the Executable ${executableId}: you may not read it, or nobody has stored it here`);
}

/** Sends to a Compute Server what is addressed by its own hash, thus can be kept for ever, and by nobody else. */
export async function sendForGood(request: Request, response: Response, contentType: string, bytes: Uint8Array): Promise<void> {
  response.set({ "Content-Type": contentType, "Cache-Control": "private, max-age=31536000, immutable", "Vary": "Authorization, X-Compute-Server" });
  asForeignContent(response);
  await sendBytes(request, response, bytes);
}
