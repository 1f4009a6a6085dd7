import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/** How a job shall be run. Everything has a default. */
export const jobOptionsSchema = z.strictObject({
  /** Among the jobs of one owner, the higher runs first. */
  priority: z.optional(z.int().check(z.minimum(-100), z.maximum(100))),
  /** Which Compute Server gets its next batch: a name of `GET /api/policies`. Default: the hub's own. */
  policy: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.policyNameChars))),
  /** How often a task may fail before its failure is recorded. */
  maxAttempts: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.attempts))),
  /** One task may run this long. */
  taskTimeoutMs: z.optional(z.int().check(z.minimum(100), z.maximum(LIMITS.taskTimeoutMs))),
  /** `first` accepts a task's first answer. */
  verification: z.optional(z.literal("first")),
  /** A mail to this address when the job ends. */
  notify: z.optional(z.strictObject({ email: z.optional(z.email().check(z.maxLength(254))) })),
  tags: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(LIMITS.tagChars))).check(z.maxLength(LIMITS.tags))),
  /** Shown in the gallery. Default true. */
  public: z.optional(z.boolean()),
});
export type JobOptions = z.infer<typeof jobOptionsSchema>;

export const JOB_DEFAULTS = { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, public: true } as const;
