import type { JobId } from "../../protocol/ids.ts";
import { ENDED_STATES, jobListSchema, jobSchema, taskMapSchema, type Job, type JobList, type TaskMap } from "../../protocol/http/job.ts";
import { submittedSchema, type Submitted } from "../../protocol/http/submission.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { StoredJob } from "../archive/archive.ts";
import { hubSubmissionSchema } from "../execution/hub-submission.ts";
import { LOCAL_OWNER } from "../execution/execution-manager.ts";
import { HTTP_LIMITS } from "../limits.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { findJob, jobParts, jobView } from "./job-view.ts";
import { jobParams, jobsQuery, taskMapQuery } from "./parameters.ts";
import { bodyOf } from "./request-body.ts";
import { requestBase } from "./request-base.ts";
import { requestLimit } from "./request-limit.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";
import { taskMapOfEnds } from "./task-map.ts";

const PAGE_JOBS = 50;
const BUCKETS = 200;

/** Jobs as HTTP shows them to whoever asks under this base. */
export async function viewJobs(context: HttpContext, jobs: readonly StoredJob[], base: string): Promise<Job[]> {
  const { archive, grid, options } = context;
  return await Promise.all(jobs.map(async (stored) => jobView(await jobParts(archive, grid, stored), base, options.mail)));
}

export function jobRoutes(context: HttpContext): readonly Route[] {
  return [submitRoute(context), listRoute(context), jobRoute(context), ...actionRoutes(context), taskMapRoute(context)];
}

function submitRoute({ executionManager, options, guard }: HttpContext): Route {
  return route({
    method: "post", path: "/api/jobs", group: "Jobs",
    summary: "Submit a job",
    description: "Answered once the job is on disk. `inputs` is a list of values (tagged JSON), a half-open numeric range, or lines of JSON. The Executable is an ES module that exports a default function and imports nothing; where it cannot be read, `errors` says at which line and column, both counted from 1.",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    headers: [{ name: "Idempotency-Key", description: `At most ${HTTP_LIMITS.idempotencyKeyChars} printable characters. The same key again answers the earlier job and submits nothing, so that a retry is safe.` }],
    body: { contentTypes: ["application/json"], description: "The job", maxBytes: LIMITS.submissionBytes, schema: hubSubmissionSchema },
    answers: [{ status: 202, description: "Accepted. `Location` is the job's resource.", contentTypes: ["application/json"], schema: submittedSchema }],
    before: [requestLimit(guard, options, "submissionsPerMinute")],
    async handle({ request, response }) {
      const key = idempotencyKey(request.get("idempotency-key"));
      const { jobId, diagnostic } = await executionManager.submit(bodyOf(request), LOCAL_OWNER, key, Date.now());
      const base = requestBase(request, options);
      const submitted: Submitted = { jobId, url: `${base}/jobs/${jobId}`, resultUrl: `${base}/results/${jobId}`, ...(diagnostic === null ? {} : { diagnostic }) };
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
    description: "`q`: words that name, tags or owner must contain. `state`: one or several, separated by commas. `cursor`: `nextCursor` of the page before.",
    params: NO_PARAMETERS, query: jobsQuery,
    answers: [{ status: 200, description: "A page of jobs", contentTypes: ["application/json"], schema: jobListSchema }],
    async handle({ query: { state, q, tag, cursor, limit = PAGE_JOBS }, request, response }) {
      const page = await context.archive.jobs({
        limit,
        ...(state === undefined ? {} : { states: state }),
        ...(q === undefined ? {} : { text: q }),
        ...(tag === undefined ? {} : { tag }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const list: JobList = { jobs: await viewJobs(context, page.jobs, requestBase(request, context.options)), nextCursor: page.nextCursor };
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
    async handle({ params: { jobId }, request, response }) {
      response.json(await viewJob(context, jobId, requestBase(request, context.options)));
    },
  });
}

async function viewJob({ archive, grid, options }: HttpContext, jobId: JobId, base: string): Promise<Job> {
  return jobView(await jobParts(archive, grid, await findJob(archive, jobId)), base, options.mail);
}

function actionRoutes(context: HttpContext): readonly Route[] {
  const { grid } = context;
  const action = (name: string, summary: string, act: (jobId: JobId) => Promise<void>) => route({
    method: "post", path: `/api/jobs/{jobId}/${name}`, group: "Jobs", summary,
    params: jobParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The job as it is now", contentTypes: ["application/json"], schema: jobSchema }],
    async handle({ params: { jobId }, request, response }) {
      await findJob(context.archive, jobId);
      await act(jobId);
      response.json(await viewJob(context, jobId, requestBase(request, context.options)));
    },
  });
  return [
    action("cancel", "End a job now; what it has computed stays readable", (jobId) => grid.cancel(jobId)),
    action("pause", "Assign no more of a job's tasks", (jobId) => grid.pause(jobId)),
    action("resume", "Go on with a paused job", (jobId) => grid.resume(jobId)),
    action("retry", "Run the failed tasks of a job again", (jobId) => grid.retry(jobId)),
  ];
}

function taskMapRoute({ archive, grid }: HttpContext): Route {
  return route({
    method: "get", path: "/api/jobs/{jobId}/tasks", group: "Jobs",
    summary: "How the tasks stand, over equal stretches of the index",
    params: jobParams, query: taskMapQuery,
    answers: [{ status: 200, description: "The map of tasks", contentTypes: ["application/json"], schema: taskMapSchema }],
    async handle({ params: { jobId }, query: { buckets = BUCKETS }, response }) {
      const job = await findJob(archive, jobId);
      const running = ENDED_STATES.includes(job.state) ? undefined : grid.taskMap(jobId, Math.min(buckets, job.tasks));
      const map: TaskMap = running === undefined
        ? taskMapOfEnds(job.tasks, await archive.taskEnds(jobId), buckets)
        : { total: job.tasks, buckets: [...running] };
      response.json(map);
    },
  });
}
