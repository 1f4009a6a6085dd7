import type { FailureGroup, Job } from "../../protocol/http/job.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { Visibility } from "../../protocol/http/sharing.ts";
import { GridError } from "../../protocol/grid-error.ts";
import type { JobId } from "../../protocol/ids.ts";
import type { JobSnapshot } from "../../scheduler/snapshot.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import { removeAtMs } from "../retention/keeping.ts";
import type { HttpOptions } from "./http-options.ts";
import type { Grid } from "../grid/grid.ts";

const FAILURE_GROUPS = 50;

/** A job as the archive and the grid know it now. */
export interface JobParts {
  readonly stored: StoredJob;
  readonly failures: readonly FailureGroup[];
  readonly snapshot: JobSnapshot | undefined;
}

/** Throws GridError "not-found". */
export async function findJob(archive: ResultsArchive, jobId: JobId): Promise<StoredJob> {
  const stored = await archive.job(jobId);
  if (stored === undefined) throw new GridError("not-found", `Cannot find the job ${jobId}: there is none of that id, or it was removed`);
  return stored;
}

/** What of a stored job is kept elsewhere, added to it. */
export async function jobParts(archive: ResultsArchive, grid: Grid, stored: StoredJob): Promise<JobParts> {
  const failures = stored.failed === 0 ? [] : await archive.failureGroups(stored.jobId, FAILURE_GROUPS);
  return { stored, failures, snapshot: grid.job(stored.jobId) };
}

/** How one who asks sees a job: links that they can follow, and what is for who may steer it alone. */
export interface JobLook {
  /** Origin of the links. */
  readonly base: string;
  readonly maySteer: boolean;
  /** The key that opened it: it goes into every link. */
  readonly key: string | null;
}

/** The job as HTTP shows it. Done and failed are what is on disk; what runs is the grid's knowledge. */
export function jobView({ stored, failures, snapshot }: JobParts, { base, maySteer, key }: JobLook, { mail, keepDays }: Pick<HttpOptions, "mail" | "keepDays">): Job {
  const { jobId } = stored;
  const query = key === null ? "" : `?key=${key}`;
  const ended = ENDED_STATES.includes(stored.state);
  const left = Math.max(0, stored.tasks - stored.done - stored.failed);
  const running = ended ? 0 : Math.min(snapshot?.running ?? 0, left);
  const provisional = ended ? 0 : Math.min(snapshot?.provisional ?? 0, left);
  return {
    jobId,
    name: stored.name,
    owner: stored.owner,
    state: stored.state,
    tasks: { total: stored.tasks, pending: left - running, running, done: stored.done, failed: stored.failed },
    ratePerSecond: ended ? 0 : (snapshot?.ratePerSecond ?? 0),
    etaMs: ended ? null : (snapshot?.etaMs ?? null),
    waitingFor: ended ? null : waitingFor(stored, snapshot),
    failures: [...failures],
    createdAt: stored.createdAtMs,
    startedAt: stored.startedAtMs ?? snapshot?.startedAtMs ?? null,
    endedAt: stored.endedAtMs,
    removeAt: removeAtMs(stored, keepDays),
    url: `${base}/jobs/${jobId}${query}`,
    resultUrl: `${base}/results/${jobId}${query}`,
    pictureUrl: stored.view?.kind === "image" || stored.view?.kind === "chart" ? `${base}/api/jobs/${jobId}/picture.png${query}` : null,
    executableId: stored.executableId,
    executableUrl: `${base}/api/executables/${stored.executableId}${query}`,
    view: stored.view,
    tags: [...stored.tags],
    public: stored.public,
    visibility: visibilityOf(stored),
    maySteer,
    notify: stored.notifyEmail === null || !maySteer ? null : mail ? "email" : "email-not-set-up",
    verification: {
      ...stored.verification,
      provisional,
      workFactor: workFactor(stored, provisional),
      caughtServers: stored.caughtServers,
    },
    options: { priority: stored.priority, maxAttempts: stored.maxAttempts, taskTimeoutMs: stored.taskTimeoutMs, policy: stored.policy, requires: stored.requires },
  };
}

/** Every answer counts that came. Where the first is accepted none is asked for twice, and late copies are not counted. */
function workFactor({ verification, done, runs }: StoredJob, provisional: number): number | null {
  if (done === 0) return null;
  return verification.policy === "first" ? 1 : Math.max(1, runs / (done + provisional));
}

export function visibilityOf({ public: isPublic, shareKey }: Pick<StoredJob, "public" | "shareKey">): Visibility {
  if (isPublic) return "public";
  return shareKey === null ? "private" : "link";
}

function waitingFor(stored: StoredJob, snapshot: JobSnapshot | undefined): string | null {
  if (snapshot !== undefined) return snapshot.waitingFor;
  return stored.state === "paused" ? "It is paused." : "The hub has not taken it up yet.";
}
