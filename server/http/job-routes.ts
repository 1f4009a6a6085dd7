import type { JobId } from "../../protocol/ids.ts";
import type { AuditAction } from "../accounts/audit-log.ts";
import { isOperator, type Principal } from "../accounts/principal.ts";
import { ENDED_STATES, jobListSchema, jobSchema, taskMapSchema, type Job, type JobList, type TaskMap } from "../../protocol/http/job.ts";
import { submittedSchema, type Submitted } from "../../protocol/http/submission.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { StoredJob } from "../archive/archive.ts";
import { hubSubmissionSchema } from "../execution/hub-submission.ts";
import { HTTP_LIMITS } from "../limits.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { findJob, jobParts, jobView, type JobLook } from "./job-view.ts";
import { jobParams, jobsQuery, taskMapQuery } from "./parameters.ts";
import { bodyOf } from "./request-body.ts";
import { requestBase } from "./request-base.ts";
import { requestLimit } from "./request-limit.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { taskMapOfEnds } from "./task-map.ts";
import { whenceOf } from "./whence.ts";

const PAGE_JOBS = 50;
const BUCKETS = 200;

/** Jobs as HTTP shows them to this one, who asks under this base. */
export async function viewJobs(context: HttpContext, jobs: readonly StoredJob[], principal: Principal, base: string): Promise<Job[]> {
  return await Promise.all(jobs.map((stored) => viewJob(context, stored, { base, maySteer: context.access.maySteer(principal, stored), key: null })));
}

export function jobRoutes(context: HttpContext): readonly Route[] {
  return [submitRoute(context), listRoute(context), jobRoute(context), ...actionRoutes(context), taskMapRoute(context)];
}

function submitRoute({ access, executionManager, options, guard }: HttpContext): Route {
  return route({
    method: "post", path: "/api/jobs", group: "Jobs",
    summary: "Submit a job",
    description: "Answered once the job is on disk. `inputs` is a list of values (tagged JSON), a half-open numeric range, or lines of JSON. The Executable is an ES module that exports a default function and imports nothing; where it cannot be read, `errors` says at which line and column, both counted from 1.",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    headers: [{ name: "Idempotency-Key", description: `At most ${HTTP_LIMITS.idempotencyKeyChars} printable characters. The same key again answers the earlier job and submits nothing, so that a retry is safe.` }],
    body: { contentTypes: ["application/json"], description: "The job", maxBytes: LIMITS.submissionBytes, schema: hubSubmissionSchema },
    answers: [{ status: 202, description: "Accepted. `Location` is the job's resource.", contentTypes: ["application/json"], schema: submittedSchema }],
    access: access.submitter,
    before: [requestLimit(guard, options, "submissionsPerMinute")],
    async handle({ admitted: owner, request, response }) {
      const key = idempotencyKey(request.get("idempotency-key"));
      const { jobId, shareKey, diagnostic } = await executionManager.submit(bodyOf(request), owner, key, Date.now());
      const base = requestBase(request, options);
      const query = shareKey === null ? "" : `?key=${shareKey}`;
      const submitted: Submitted = { jobId, url: `${base}/jobs/${jobId}${query}`, resultUrl: `${base}/results/${jobId}${query}`, ...(diagnostic === null ? {} : { diagnostic }) };
      response.status(202).location(`/api/jobs/${jobId}`).json(submitted);
    },
  });
}

function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || (header.length <= HTTP_LIMITS.idempotencyKeyChars && /^[\x20-\x7e]+$/.test(header))) return header;
  throw new HttpError(400, `Cannot read the Idempotency-Key: it must be 1 to ${HTTP_LIMITS.idempotencyKeyChars} printable characters`);
}

function listRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs", group: "Jobs",
    summary: "List jobs, newest first",
    description: "Those of who asks; to the operator all. `q`: words that name, tags or owner must contain. `state`: one or several, separated by commas. `cursor`: `nextCursor` of the page before.",
    params: NO_PARAMETERS, query: jobsQuery,
    answers: [{ status: 200, description: "A page of jobs", contentTypes: ["application/json"], schema: jobListSchema }],
    access: context.access.member,
    async handle({ query: { state, q, tag, cursor, limit = PAGE_JOBS }, principal, admitted: owner, request, response }) {
      const page = await context.archive.jobs({
        limit,
        ...(isOperator(principal) ? {} : { owner }),
        ...(state === undefined ? {} : { states: state }),
        ...(q === undefined ? {} : { text: q }),
        ...(tag === undefined ? {} : { tag }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const list: JobList = { jobs: await viewJobs(context, page.jobs, principal, requestBase(request, context.options)), nextCursor: page.nextCursor };
      response.json(list);
    },
  });
}

function jobRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}", group: "Jobs",
    summary: "One job",
    description: "State, counts by state, rate, time left, what it waits for in words, errors grouped by message.",
    params: jobParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The job", contentTypes: ["application/json"], schema: jobSchema }],
    access: context.access.readJob,
    async handle({ admitted: { job, maySteer, key }, request, response }) {
      response.json(await viewJob(context, job, { base: requestBase(request, context.options), maySteer, key }));
    },
  });
}

async function viewJob({ archive, grid, options }: HttpContext, stored: StoredJob, look: JobLook): Promise<Job> {
  return jobView(await jobParts(archive, grid, stored), look, options);
}

function actionRoutes(context: HttpContext): readonly Route[] {
  const { accounts, archive, grid } = context;
  const action = (name: string, summary: string, deed: AuditAction, act: (jobId: JobId) => Promise<void>) => route({
    method: "post", path: `/api/jobs/{jobId}/${name}`, group: "Jobs", summary,
    params: jobParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The job as it is now", contentTypes: ["application/json"], schema: jobSchema }],
    access: context.access.steerJob,
    async handle({ admitted: { jobId, name: jobName }, principal, request, response }) {
      await act(jobId);
      await accounts?.audit.note(principal, whenceOf(request, context.options).address, { action: deed, target: jobId, detail: jobName });
      response.json(await viewJob(context, await findJob(archive, jobId), { base: requestBase(request, context.options), maySteer: true, key: null }));
    },
  });
  return [
    action("cancel", "End a job now; what it has computed stays readable", "job-cancelled", (jobId) => grid.cancel(jobId)),
    action("pause", "Assign no more of a job's tasks", "job-paused", (jobId) => grid.pause(jobId)),
    action("resume", "Go on with a paused job", "job-resumed", (jobId) => grid.resume(jobId)),
    action("retry", "Run the failed tasks of a job again", "job-retried", (jobId) => grid.retry(jobId)),
  ];
}

function taskMapRoute({ access, archive, grid }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/tasks", group: "Jobs",
    summary: "How the tasks stand, over equal stretches of the index",
    params: jobParams, query: taskMapQuery,
    answers: [{ status: 200, description: "The map of tasks", contentTypes: ["application/json"], schema: taskMapSchema }],
    access: access.readJob,
    async handle({ admitted: { job }, params: { jobId }, query: { buckets = BUCKETS }, response }) {
      const running = ENDED_STATES.includes(job.state) ? undefined : grid.taskMap(jobId, Math.min(buckets, job.tasks));
      const map: TaskMap = running === undefined
        ? taskMapOfEnds(job.tasks, await archive.taskEnds(jobId), buckets)
        : { total: job.tasks, buckets: [...running] };
      response.json(map);
    },
  });
}
