import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request } from "express";
import { GridError } from "../../protocol/grid-error.ts";
import { resultLineSchema } from "../../protocol/http/result.ts";
import type { StoredJob } from "../archive/archive.ts";
import { resultAt } from "../results/result-at.ts";
import { contentTypeOf, resultStream, type ResultFormat } from "../results/result-stream.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { jobParams, resultParams, resultsQuery } from "./parameters.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { sendBytes } from "./send-bytes.ts";
import { asForeignContent } from "./security-headers.ts";

/** The first is what an undecided client gets. */
const FORMATS: readonly ResultFormat[] = ["ndjson", "json", "csv", "msgpack"];
const FORMAT_BY_TYPE: Readonly<Record<string, ResultFormat>> = {
  "application/x-ndjson": "ndjson",
  "application/json": "json",
  "text/csv": "csv",
  "application/vnd.msgpack": "msgpack",
  "application/msgpack": "msgpack",
};

export function resultRoutes(context: HttpContext): readonly Route[] {
  return [resultsRoute(context), resultRoute(context), pictureRoute(context)];
}

function resultsRoute({ access, archive, logger }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/results", group: "Results",
    summary: "Accepted results in index order",
    description: "As lines of JSON, or as JSON, CSV or MessagePack by `format` or by `Accept`. `from` is in, `to` is not. With `failures=true` failed tasks have their error in their place. Of a running job: what is there so far.",
    params: jobParams, query: resultsQuery,
    answers: [{ status: 200, description: "The results, streamed. Each line is of this schema.", contentTypes: FORMATS.map(contentTypeOf), schema: resultLineSchema }],
    access: access.readJob,
    async handle({ admitted: { job }, params: { jobId }, query, request, response }) {
      const format = query.format ?? formatByAccept(request);
      const range = rangeWithin(job, query.from ?? 0, query.to ?? job.tasks);
      response.set({ "Content-Type": contentTypeOf(format), "Vary": "Accept" });
      asForeignContent(response);
      const stream = resultStream(archive, job, { range, format, failures: query.failures === "true" });
      try {
        await pipeline(Readable.from(stream, { objectMode: false }), response);
      } catch (error) {
        // A reader that leaves early is no fault; the pipeline has stopped the stream.
        if (!request.socket.destroyed && !isEarlyLeave(error)) throw error;
        logger.debug({ jobId }, "a reader of results left early");
      }
    },
  });
}

function formatByAccept(request: Request): ResultFormat {
  const type = request.accepts(Object.keys(FORMAT_BY_TYPE));
  const format = type === false ? undefined : FORMAT_BY_TYPE[type];
  if (format !== undefined) return format;
  throw new HttpError(406, `Cannot give results as ${JSON.stringify(request.get("accept"))}: there are ${Object.keys(FORMAT_BY_TYPE).join(", ")}`);
}

function rangeWithin(job: StoredJob, from: number, end: number): readonly [number, number] {
  const to = Math.min(end, job.tasks);
  // An empty range is fine: a reader that goes on where it stopped may stand at the end.
  if (from <= to) return [from, to];
  throw new GridError("invalid-request", `Cannot give results from ${from} (in) to ${end} (not in): the job has the indexes 0 to ${job.tasks - 1}`);
}

function isEarlyLeave(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}

function resultRoute({ access, archive }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/results/{index}", group: "Results",
    summary: "One result, or the error of a failed task",
    params: resultParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The result", contentTypes: ["application/json"], schema: resultLineSchema }],
    access: access.readJob,
    async handle({ admitted: { job }, params: { jobId, index }, response }) {
      if (index >= job.tasks) throw new GridError("not-found", `Cannot find the result ${index}: the job has the indexes 0 to ${job.tasks - 1}`);
      const result = await resultAt(archive, jobId, index);
      if (result === undefined) throw new GridError("not-found", `Cannot find the result ${index}: this task has not ended; the job is ${job.state}`);
      response.json(result);
    },
  });
}

function pictureRoute({ access, pictures }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/picture.png", group: "Results",
    summary: "The rendered view; grows while the job runs",
    description: "PNG for an image, SVG for a chart.",
    params: jobParams, query: NO_PARAMETERS,
    headers: [{ name: "If-None-Match", description: "The ETag of the picture that is there already" }],
    answers: [
      { status: 200, description: "The picture", contentTypes: ["image/png", "image/svg+xml"] },
      { status: 304, description: "It is the same as before" },
    ],
    access: access.readJob,
    async handle({ params: { jobId }, request, response }) {
      const picture = await pictures.picture(jobId);
      if (picture === undefined) throw new GridError("not-found", `Cannot draw the job ${jobId}: its view has no picture`);
      response.set({ "Content-Type": picture.contentType, "ETag": `"${picture.version}"`, "Cache-Control": "no-cache" });
      asForeignContent(response, "'unsafe-inline'");
      if (request.fresh) response.status(304).end();
      else await sendBytes(request, response, picture.bytes);
    },
  });
}
