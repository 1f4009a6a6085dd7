import { GridError } from "../../protocol/grid-error.ts";
import { jobEventSchema, type JobEvent } from "../../protocol/http/job-event.ts";
import type { Job } from "../../protocol/http/job.ts";

/** What the events of a job have told since the page began to listen. */
export interface LiveJob {
  readonly job: Job | null;
  /** The newest lines that job code logged, oldest first. */
  readonly log: readonly LogLine[];
  /** The indexes that became readable last. */
  readonly latest: readonly [from: number, to: number] | null;
  /** Why the page may be behind, in words; null when it is not. */
  readonly problem: string | null;
}

export interface LogLine {
  /** Counts up, so that equal lines stay apart. */
  readonly number: number;
  readonly index: number;
  readonly line: string;
}

export const LOG_LINES = 30;
export const SILENT_JOB: LiveJob = { job: null, log: [], latest: null, problem: null };

/** Takes one event in. */
export function foldJobEvent(live: LiveJob, event: JobEvent): LiveJob {
  switch (event.type) {
    case "job": return { ...live, job: event.job };
    case "results": return { ...live, latest: event.ranges.at(-1) ?? live.latest };
    case "log": {
      const number = (live.log.at(-1)?.number ?? 0) + 1;
      return { ...live, log: [...live.log, { number, index: event.index, line: event.line }].slice(-LOG_LINES) };
    }
  }
}

/** Reads one server-sent event. Throws GridError "malformed". */
export function parseJobEvent(type: string, data: string): JobEvent {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch (error) {
    throw new GridError("malformed", `Cannot read the job's event "${type}": it is not JSON`, { cause: error });
  }
  const parsed = jobEventSchema.safeParse(typeof body === "object" ? { ...body, type } : body);
  if (parsed.success) return parsed.data;
  throw new GridError("malformed", `Cannot read the job's event "${type}": it does not fit. Load the page again, the hub may be newer`, { cause: parsed.error });
}
