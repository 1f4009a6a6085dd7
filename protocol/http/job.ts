import * as z from "zod/mini";
import { executableIdSchema, jobIdSchema } from "../ids.ts";
import { requirementsSchema } from "./job-options.ts";
import { visibilitySchema } from "./sharing.ts";
import { jobVerificationSchema } from "./verification.ts";
import { viewSchema } from "./view.ts";

export const jobStateSchema = z.enum(["queued", "running", "paused", "completed", "failed", "cancelled"]);
export type JobState = z.infer<typeof jobStateSchema>;
export const ENDED_STATES: readonly JobState[] = ["completed", "failed", "cancelled"];

const count = z.int().check(z.minimum(0));
const timeMs = z.nullable(z.number());

/** Recorded failures with the same message. */
export const failureGroupSchema = z.object({ message: z.string(), stack: z.string(), count, firstIndex: count });
export type FailureGroup = z.infer<typeof failureGroupSchema>;

/** A job as `GET /api/jobs/{id}` answers it. Counts of done and failed tasks are what is on disk. Times are Unix ms. */
export const jobSchema = z.object({
  jobId: jobIdSchema,
  name: z.string(),
  owner: z.string(),
  state: jobStateSchema,
  tasks: z.object({ total: count, pending: count, running: count, done: count, failed: count }),
  ratePerSecond: z.number(),
  /** Estimated time left; null while nothing is known. */
  etaMs: timeMs,
  /** Why it does not run at full speed, in words; null when it does or has ended. */
  waitingFor: z.nullable(z.string()),
  failures: z.array(failureGroupSchema),
  createdAt: z.number(),
  startedAt: timeMs,
  endedAt: timeMs,
  /** When it is removed with its results; null or left out: it stays. */
  removeAt: z.optional(timeMs),
  url: z.string(),
  resultUrl: z.string(),
  /** Null where the view has no picture. */
  pictureUrl: z.nullable(z.string()),
  executableId: executableIdSchema,
  /** Where the JavaScript of the Executable can be read. */
  executableUrl: z.string(),
  view: z.nullable(viewSchema),
  tags: z.array(z.string()),
  public: z.boolean(),
  visibility: visibilitySchema,
  /** Whether who asks may cancel, pause, retry and share it. */
  maySteer: z.boolean(),
  /** Null where none was given; the address itself is not shown. */
  notify: z.nullable(z.enum(["email", "email-not-set-up"])),
  verification: jobVerificationSchema,
  options: z.object({
    priority: z.number(),
    maxAttempts: z.number(),
    taskTimeoutMs: z.number(),
    /** Null: the hub's own. */
    policy: z.nullable(z.string()),
    /** Null: it runs on any Compute Server. */
    requires: z.nullable(requirementsSchema),
  }),
});
export type Job = z.infer<typeof jobSchema>;

export const jobListSchema = z.object({ jobs: z.array(jobSchema), nextCursor: z.nullable(z.string()) });
export type JobList = z.infer<typeof jobListSchema>;

/** `GET /api/jobs/{id}/tasks?buckets=n`: how the tasks stand, over equal stretches of the index. Readable at any size. */
export const taskMapSchema = z.object({
  total: count,
  buckets: z.array(z.object({ from: count, to: count, done: count, failed: count, running: count })),
});
export type TaskMap = z.infer<typeof taskMapSchema>;
