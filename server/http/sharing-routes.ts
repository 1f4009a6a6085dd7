import { sharingChangeSchema, sharingSchema, type Sharing, type SharingChange } from "../../protocol/http/sharing.ts";
import type { StoredJob } from "../archive/archive.ts";
import { newShareKey } from "../execution/execution-manager.ts";
import type { HttpContext } from "./http-context.ts";
import { jsonBody, jsonOf } from "./json-body.ts";
import { visibilityOf } from "./job-view.ts";
import { jobParams } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { whenceOf } from "./whence.ts";

export function sharingRoutes(context: HttpContext): readonly Route[] {
  return [readRoute(context), changeRoute(context)];
}

function readRoute({ access, options }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/sharing", group: "Jobs",
    summary: "Who may see a job, and the link to give away",
    params: jobParams, query: NO_PARAMETERS, access: access.steerJob,
    answers: [{ status: 200, description: "As it is shared now", contentTypes: ["application/json"], schema: sharingSchema }],
    handle({ admitted: job, request, response }) {
      response.json(viewOf(job, requestBase(request, options)));
    },
  });
}

function changeRoute({ access, accounts, archive, feeds, options }: HttpContext): Route {
  return route({
    method: "put", path: "/api/jobs/{jobId}/sharing", group: "Jobs",
    summary: "Make a job private, public, or open to who has its link",
    description: "A link stays the same until it is renewed, or the job is made private, which makes every link void that was given away. Streams that are open to those who may not see it any more end.",
    params: jobParams, query: NO_PARAMETERS, access: access.steerJob,
    body: jsonBody("Who may see it", sharingChangeSchema),
    answers: [{ status: 200, description: "As it is shared now", contentTypes: ["application/json"], schema: sharingSchema }],
    async handle({ admitted: job, principal, request, response }) {
      const change = jsonOf(request, sharingChangeSchema);
      const sharing = { public: change.visibility === "public", shareKey: keyAfter(change, job) };
      await archive.setSharing(job.jobId, sharing);
      await feeds.recheck(job.jobId);
      await accounts?.audit.note(principal, whenceOf(request, options).address, { action: "job-shared", target: job.jobId, detail: `${change.visibility}${change.renew === true ? ", with a new key" : ""}` });
      response.json(viewOf({ ...job, ...sharing }, requestBase(request, options)));
    },
  });
}

function keyAfter({ visibility, renew = false }: SharingChange, { shareKey }: StoredJob): string | null {
  if (visibility !== "link") return null;
  return renew || shareKey === null ? newShareKey() : shareKey;
}

function viewOf(job: StoredJob, base: string): Sharing {
  const query = job.shareKey === null ? "" : `?key=${job.shareKey}`;
  return { visibility: visibilityOf(job), key: job.shareKey, url: `${base}/jobs/${job.jobId}${query}`, resultUrl: `${base}/results/${job.jobId}${query}` };
}
