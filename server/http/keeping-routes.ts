import { GridError } from "../../protocol/grid-error.ts";
import { jobSchema } from "../../protocol/http/job.ts";
import type { HttpContext } from "./http-context.ts";
import { findJob, jobParts, jobView } from "./job-view.ts";
import { jobParams } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { whenceOf } from "./whence.ts";

/** How long jobs stay. */
export function keepingRoutes(context: HttpContext): readonly Route[] {
  return [removeRoute(context), keepRoute(context)];
}

function removeRoute({ access, accounts, grid, options }: HttpContext): Route {
  return route({
    method: "delete", path: "/api/jobs/{jobId}", group: "Jobs",
    summary: "Remove a job with its inputs, results and pictures",
    description: "One that has not ended is cancelled first. It cannot be brought back.",
    params: jobParams, query: NO_PARAMETERS, access: access.steerJob,
    answers: [{ status: 204, description: "It is gone" }],
    async handle({ admitted: { jobId, name }, principal, request, response }) {
      await grid.remove(jobId);
      await accounts?.audit.note(principal, whenceOf(request, options).address, { action: "job-removed", target: jobId, detail: name });
      response.status(204).end();
    },
  });
}

function keepRoute({ access, accounts, archive, grid, options }: HttpContext): Route {
  return route({
    method: "post", path: "/api/jobs/{jobId}/keep", group: "Jobs",
    summary: "Keep an ended job longer: its time begins anew now",
    params: jobParams, query: NO_PARAMETERS, access: access.steerJob,
    answers: [{ status: 200, description: "The job as it is now; `removeAt` says until when it stays", contentTypes: ["application/json"], schema: jobSchema }],
    async handle({ admitted: { jobId, name }, principal, request, response }) {
      if (!options.keepLonger) throw new GridError("conflict", "Cannot keep this job longer: the operator of this hub does not allow it. Download its results.");
      await archive.keepFrom(jobId, Date.now());
      await accounts?.audit.note(principal, whenceOf(request, options).address, { action: "job-kept", target: jobId, detail: name });
      response.json(jobView(await jobParts(archive, grid, await findJob(archive, jobId)), { base: requestBase(request, options), maySteer: true, key: null }, options));
    },
  });
}
