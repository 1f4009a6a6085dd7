import type { Job } from "../../protocol/http/job.ts";
import { withKey } from "../account/job-key.ts";

export type DownloadFormat = "ndjson" | "csv" | "json";

// Paths on the hub that served this page: the addresses inside a job may name the hub by another of its names, which
// the page's policy would not let it load from.

/** The rendered view as it stands; a new address whenever it may have changed. */
export function picturePath(job: Pick<Job, "jobId" | "state" | "tasks">): string {
  return withKey(`/api/jobs/${encodeURIComponent(job.jobId)}/picture.png?v=${job.state}-${job.tasks.done}`, job.jobId);
}

/** All accepted results in a format. */
export function resultsPath(jobId: string, format: DownloadFormat): string {
  return withKey(`/api/jobs/${encodeURIComponent(jobId)}/results?format=${format}`, jobId);
}

/** The job's server-sent events. */
export function eventsPath(jobId: string): string {
  return withKey(`/api/jobs/${encodeURIComponent(jobId)}/events`, jobId);
}

/** The JavaScript of the job. */
export function executablePath(job: Pick<Job, "executableId" | "executableUrl">): string {
  return `/api/executables/${encodeURIComponent(job.executableId)}${new URL(job.executableUrl, location.origin).search}`;
}

/** The page of a job. */
export function jobPage(jobId: string): string {
  return withKey(`/jobs/${encodeURIComponent(jobId)}`, jobId);
}

/** The page of a job's result. */
export function resultPage(jobId: string): string {
  return withKey(`/results/${encodeURIComponent(jobId)}`, jobId);
}

/** A file name for what is downloaded of a job. */
export function downloadName(job: { readonly jobId: string; readonly name: string }, extension: string): string {
  const words = job.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `${words === "" ? job.jobId : words}.${extension}`;
}
